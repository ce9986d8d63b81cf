import { api, ApiError, ask } from "../api/client";
import { count } from "../format";
import { identity } from "../identity";
import { transfers } from "../moving/transfers";
import { uploads } from "../upload/queue";

/** What signing out would cancel, in words; "" for nothing. */
export function underWay(): string {
  const [sent, moved] = [uploads.left(), transfers.left()];
  return [sent > 0 && count(sent, "upload", "uploads"), moved > 0 && count(moved, "move or copy", "moves and copies")].filter(Boolean).join(" and ");
}

/** Signs out, and leaves the page. If it throws, nothing has changed. */
export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE("/api/v1/sessions/current"));
  } catch (e) {
    if (!(e instanceof ApiError && e.status === 401)) throw e; // 401: the session had already ended
  }
  identity.signedOut();
  location.assign("/");
}
