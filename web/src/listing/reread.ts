import { hashKey, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import type { Path } from "../path";
import { listingKey } from "./useListing";

const settle = 400; // milliseconds that changes are gathered for before a listing is read again, for each page of it

const wanted = new WeakMap<QueryClient, Set<Path>>(); // directories whose listings will be read again

/**
 * Has the listing of a directory read again after changes have been gathered, the longer the more pages it has. What is being read then is not broken off, or a long
 * listing would never be whole while something changes in it: it is read once more when it is.
 */
export function readSoon(queries: QueryClient, dir: Path): void {
  let dirs = wanted.get(queries);
  if (dirs === undefined) wanted.set(queries, (dirs = new Set()));
  if (dirs.has(dir)) return;
  dirs.add(dir);
  setTimeout(() => void readAgain(queries, dir, () => dirs.delete(dir)), gathered(queries, dir));
}

/** Reads the listing of a directory again once it is not being read, and returns when that has come. begun is called when it begins. */
export async function readAgain(queries: QueryClient, dir: Path, begun?: () => void): Promise<void> {
  await whenRead(queries, dir);
  begun?.(); // what changes from now on may be missed
  await queries.invalidateQueries({ queryKey: listingKey(dir) }, { cancelRefetch: false });
}

/** How long changes of a directory are gathered for, in milliseconds. */
export function gathered(queries: QueryClient, dir: Path): number {
  return settle * Math.max(1, queries.getQueryData<InfiniteData<unknown>>(listingKey(dir))?.pages.length ?? 1);
}

/** Waits until a listing has come to its end, or has failed, or nobody looks at it. */
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
