import type { InfiniteData, Query, QueryClient } from "@tanstack/react-query";
import * as lists from "../api/reread";
import type { Path } from "../path";
import { listingKey } from "./useListing";

/** Schedules the listing of a directory to be read again, after what else changes there and after a read that is under way. */
export function readSoon(queries: QueryClient, dir: Path): void {
  lists.readSoon(queries, listingKey(dir), isIncomplete);
}

/** Reads the listing of a directory again, once no read is under way, and returns when it is complete. */
export function readAgain(queries: QueryClient, dir: Path): Promise<void> {
  return lists.readAgain(queries, listingKey(dir), isIncomplete);
}

/** How long changes of a directory are collected for, in milliseconds. */
export function gathered(queries: QueryClient, dir: Path): number {
  return lists.gathered(queries, listingKey(dir));
}

/** Waits until a listing is read completely, has failed, or is no longer shown. */
export function whenRead(queries: QueryClient, dir: Path): Promise<void> {
  return lists.whenRead(queries, listingKey(dir), isIncomplete);
}

/** Between two pages of a listing nothing is being fetched, and yet it is being read: the next page is asked for at once. */
function isIncomplete({ state }: Query): boolean {
  const data = state.data as InfiniteData<{ DirectoryListing: { remainingEntries: number } }> | undefined;
  return state.fetchStatus !== "idle" || (state.status !== "error" && (data?.pages.at(-1)?.DirectoryListing.remainingEntries ?? 0) > 0);
}
