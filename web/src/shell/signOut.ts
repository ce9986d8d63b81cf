import { api, ask, wordsFor } from "../api/client";
import { count } from "../format";
import { identity } from "../identity";
import { transfers } from "../moving/transfers";
import { toast } from "../parts/toasts";
import { uploads } from "../upload/queue";

/** What signing out would end, in words; "" if there is nothing. */
export function underWay(): string {
  const [sent, moved] = [uploads.left(), transfers.left()];
  return [sent > 0 && count(sent, "upload", "uploads"), moved > 0 && count(moved, "move or copy", "moves and copies")].filter(Boolean).join(" and ");
}

/** Signs out, and leaves the page. Where that fails it is told, and nothing has changed. */
export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE("/api/v1/sessions/current"));
    identity.signedOut();
    location.assign("/");
  } catch (e) {
    toast({ text: `You are still signed in. ${wordsFor(e)}`, tone: "bad" });
  }
}
