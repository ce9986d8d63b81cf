import { hashKey, type InfiniteData, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";

const settle = 400; // milliseconds for which changes are collected before a history is read again, per page of it

const wanted = new WeakMap<QueryClient, Set<string>>(); // hashes of the keys whose histories are scheduled to be read again

/**
 * Schedules the histories whose keys begin with a key to be read again. Changes are collected first, for longer if more pages are shown. A read that is under
 * way is not interrupted: in a busy project, neither a first page that takes a while nor an older one would ever come. Another read follows it.
 */
export function readSoon(queries: QueryClient, key: QueryKey): void {
  let keys = wanted.get(queries);
  if (keys === undefined) wanted.set(queries, (keys = new Set()));
  const hash = hashKey(key);
  if (keys.has(hash)) return;
  keys.add(hash);
  const pages = Math.max(1, ...shown(queries, key).map((query) => queries.getQueryData<InfiniteData<unknown>>(query.queryKey)?.pages.length ?? 1));
  setTimeout(() => void readAgain(queries, key, () => keys.delete(hash)), settle * pages);
}

async function readAgain(queries: QueryClient, key: QueryKey, begun: () => void): Promise<void> {
  await whenRead(queries, key);
  begun(); // this read may miss changes from now on
  await queries.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
}

function whenRead(queries: QueryClient, key: QueryKey): Promise<void> {
  if (!isReading(queries, key)) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = queries.getQueryCache().subscribe(() => {
      if (isReading(queries, key)) return;
      stop();
      resolve();
    });
  });
}

function isReading(queries: QueryClient, key: QueryKey): boolean {
  return shown(queries, key).some((query) => query.state.fetchStatus !== "idle");
}

function shown(queries: QueryClient, key: QueryKey): Query[] {
  return queries.getQueryCache().findAll({ queryKey: key, type: "active" });
}
