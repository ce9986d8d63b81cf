import { hashKey, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import type { Path } from "../path";
import { listingKey } from "./useListing";

const settle = 400; // milliseconds for which changes are collected before a listing is read again, per page of it

const wanted = new WeakMap<QueryClient, Set<Path>>(); // directories whose listings are scheduled to be read again

/**
 * Schedules the listing of a directory to be read again. Changes are collected first, for longer if the listing has more pages. A read that is under way is
 * not interrupted, or a long listing could never be completed while things change in it; another read follows it.
 */
export function readSoon(queries: QueryClient, dir: Path): void {
  let dirs = wanted.get(queries);
  if (dirs === undefined) wanted.set(queries, (dirs = new Set()));
  if (dirs.has(dir)) return;
  dirs.add(dir);
  setTimeout(() => void readAgain(queries, dir, () => dirs.delete(dir)), gathered(queries, dir));
}

/** Reads the listing of a directory again, once no read is under way, and returns when it is complete. It calls begun when the read begins. */
export async function readAgain(queries: QueryClient, dir: Path, begun?: () => void): Promise<void> {
  await whenRead(queries, dir);
  begun?.(); // this read may miss changes from now on
  await queries.invalidateQueries({ queryKey: listingKey(dir) }, { cancelRefetch: false });
}

/** How long changes of a directory are collected for, in milliseconds. */
export function gathered(queries: QueryClient, dir: Path): number {
  return settle * Math.max(1, queries.getQueryData<InfiniteData<unknown>>(listingKey(dir))?.pages.length ?? 1);
}

/** Waits until a listing is read completely, has failed, or is no longer shown. */
export function whenRead(queries: QueryClient, dir: Path): Promise<void> {
  if (!isReading(queries, dir)) return Promise.resolve();
  const hash = hashKey(listingKey(dir));
  return new Promise((resolve) => {
    const stop = queries.getQueryCache().subscribe(({ query }) => {
      if (query.queryHash !== hash || isReading(queries, dir)) return;
      stop();
      resolve();
    });
  });
}

function isReading(queries: QueryClient, dir: Path): boolean {
  const query = queries.getQueryCache().find<InfiniteData<{ DirectoryListing: { remainingEntries: number } }>>({ queryKey: listingKey(dir) });
  if (query === undefined || !query.isActive()) return false;
  const { fetchStatus, status, data } = query.state;
  return fetchStatus !== "idle" || (status !== "error" && (data?.pages.at(-1)?.DirectoryListing.remainingEntries ?? 0) > 0);
}
