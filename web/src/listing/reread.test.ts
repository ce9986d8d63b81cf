import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readAgain, readSoon } from "./reread";
import { listingKey } from "./useListing";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const each = 100; // milliseconds that a page takes

/** A directory whose listing has so many pages, read as useListing does: the next page when nothing is being read. */
function listing(pages: number): { queries: QueryClient; read: number[]; state: { version: number }; shown: () => (number | undefined)[]; close: () => void } {
  const queries = new QueryClient();
  const read: number[] = [];
  const state = { version: 0 };
  const observer = new InfiniteQueryObserver(queries, {
    queryKey: listingKey("/d"),
    queryFn: async ({ pageParam }) => {
      await new Promise((done) => setTimeout(done, each));
      read.push(pageParam);
      return { DirectoryListing: { remainingEntries: pages - 1 - pageParam }, at: pageParam, version: state.version };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => (page.at + 1 < pages ? page.at + 1 : undefined),
  });
  const close = observer.subscribe(({ hasNextPage, isFetching }) => {
    if (hasNextPage && !isFetching) void observer.fetchNextPage();
  });
  return { queries, read, state, shown: () => observer.getCurrentResult().data?.pages.map((page) => page.version) ?? [], close };
}

test("a long listing comes to its end while one uploads into it, and then shows what came", async () => {
  const { queries, read, state, shown, close } = listing(40);
  for (let t = 0; t < 10_000; t += 200) {
    state.version = t;
    readSoon(queries, "/d");
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(read.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => i)); // from the first to the last, once
  await vi.advanceTimersByTimeAsync(40 * each + 40 * 400 + 40 * each);
  expect(shown()).toEqual(Array.from({ length: 40 }, () => state.version));
  const before = read.length;
  await vi.advanceTimersByTimeAsync(100_000);
  expect(read.length).toBe(before);
  close();
});

test("a change while a listing is read again has it read once more", async () => {
  const { queries, read, state, shown, close } = listing(2);
  await vi.advanceTimersByTimeAsync(2 * each);
  void readAgain(queries, "/d");
  await vi.advanceTimersByTimeAsync(each + each / 2); // the first page is read already
  state.version = 1;
  readSoon(queries, "/d");
  await vi.advanceTimersByTimeAsync(2 * 400 + 3 * each);
  expect(shown()).toEqual([1, 1]);
  expect(read).toEqual([0, 1, 0, 1, 0, 1]);
  close();
});

test("changes of a long listing are gathered for longer", async () => {
  const { queries, read, close } = listing(40);
  await vi.advanceTimersByTimeAsync(40 * each);
  for (let t = 0; t < 40 * 400; t += 200) {
    readSoon(queries, "/d");
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(read).toHaveLength(40);
  await vi.advanceTimersByTimeAsync(40 * each);
  expect(read).toHaveLength(80);
  close();
});

test("a listing that nobody looks at is not waited for", async () => {
  const { queries, read, close } = listing(40);
  await vi.advanceTimersByTimeAsync(3 * each);
  close();
  await vi.advanceTimersByTimeAsync(each);
  await readAgain(queries, "/d");
  expect(read.length).toBeLessThanOrEqual(4);
  expect(queries.getQueryState(listingKey("/d"))?.isInvalidated).toBe(true);
});
