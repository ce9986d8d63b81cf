import { hashKey, type InfiniteData, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";

const settle = 400; // milliseconds for which changes are collected before a list is read again, per page of it

const wanted = new WeakMap<QueryClient, Set<string>>(); // hashes of the keys whose lists are scheduled to be read again

/** Whether a list is being read. */
export type Reading = (query: Query) => boolean;

const fetching: Reading = (query) => query.state.fetchStatus !== "idle";

/**
 * Schedules the lists whose keys begin with a key to be read again. Changes are collected first, for longer if more pages are shown. A read that is under
 * way is not interrupted: while things change, neither a first page that takes a while nor the last one would ever come. Another read follows it.
 */
export function readSoon(queries: QueryClient, key: QueryKey, reading: Reading = fetching): void {
  let keys = wanted.get(queries);
  if (keys === undefined) wanted.set(queries, (keys = new Set()));
  const hash = hashKey(key);
  if (keys.has(hash)) return;
  keys.add(hash);
  setTimeout(() => void readAgain(queries, key, reading, () => keys.delete(hash)), gathered(queries, key));
}

/** Reads lists again once none of them is being read, and returns when they have been. It calls begun when the read begins. */
export async function readAgain(queries: QueryClient, key: QueryKey, reading: Reading = fetching, begun?: () => void): Promise<void> {
  await whenRead(queries, key, reading);
  begun?.(); // this read may miss changes from now on
  await queries.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
}

/** How long changes are collected for, in milliseconds. */
export function gathered(queries: QueryClient, key: QueryKey): number {
  const pages = shown(queries, key).map((query) => queries.getQueryData<InfiniteData<unknown>>(query.queryKey)?.pages.length ?? 1);
  return settle * Math.max(1, ...pages);
}

/** Waits until no list that is shown is being read. */
export function whenRead(queries: QueryClient, key: QueryKey, reading: Reading = fetching): Promise<void> {
  const isRead = () => !shown(queries, key).some(reading);
  if (isRead()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = queries.getQueryCache().subscribe(() => {
      if (!isRead()) return;
      stop();
      resolve();
    });
  });
}

function shown(queries: QueryClient, key: QueryKey): Query[] {
  return queries.getQueryCache().findAll({ queryKey: key, type: "active" });
}
