import type { QueryClient } from "@tanstack/react-query";
import { wordsFor } from "../api/client";
import { refresh, rename } from "../listing/actions";
import { count } from "../format";
import { toast } from "../parts/toasts";
import { nameOf, visible } from "../path";
import type { Transfer } from "./transfers";

/** Moves entries back to where they were. What they took the place of stays in the trash. */
export async function moveBack(queries: QueryClient, done: readonly Transfer[]): Promise<void> {
  let back = 0;
  for (const { from, to } of done) {
    try {
      await rename({ from: to, to: from });
      back++;
    } catch (e) {
      toast({ text: `“${visible(nameOf(to))}” stays where it is. ${wordsFor(e)}`, tone: "bad" });
    }
  }
  refresh(queries, done.flatMap((t) => [t.from, t.to]));
  if (back > 0) toast({ text: `${count(back, "entry is", "entries are")} back.` });
}
