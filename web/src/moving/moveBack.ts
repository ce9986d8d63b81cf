import type { QueryClient } from "@tanstack/react-query";
import { wordsFor } from "../api/client";
import { refresh, rename } from "../listing/actions";
import { count } from "../format";
import { toast } from "../parts/toasts";
import { nameOf, visible } from "../path";
import type { Transfer } from "./transfers";

/** Undoes moves. Entries that were replaced stay in the trash. */
export async function moveBack(queries: QueryClient, done: readonly Transfer[]): Promise<void> {
  let back = 0;
  for (const { from, to } of done) {
    try {
      await rename({ from: to, to: from });
      back++;
    } catch (e) {
      toast({ text: `“${visible(nameOf(to))}” could not be moved back. ${wordsFor(e)}`, tone: "bad" });
    }
  }
  void refresh(queries, done.flatMap((t) => [t.from, t.to]));
  if (back > 0) toast({ text: `${count(back, "item")} moved back.` });
}
