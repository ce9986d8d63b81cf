import { api, ApiError, ask } from "../api/client";
import { count } from "../format";
import { identity } from "../identity";
import { transfers } from "../moving/transfers";
import { uploads } from "../upload/queue";

/** What signing out would end, in words; "" if there is nothing. */
export function underWay(): string {
  const [sent, moved] = [uploads.left(), transfers.left()];
  return [sent > 0 && count(sent, "upload", "uploads"), moved > 0 && count(moved, "move or copy", "moves and copies")].filter(Boolean).join(" and ");
}

/** Signs out, and leaves the page. Where it throws, nothing has changed. */
export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE("/api/v1/sessions/current"));
  } catch (e) {
    if (!(e instanceof ApiError && e.status === 401)) throw e; // the session has ended by itself
  }
  identity.signedOut();
  location.assign("/");
}
