import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Queries } from "../api/queries";
import { refreshStorage } from "./refresh";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a large project is not counted again for each of many changes, but once after the last", async () => {
  const queries = new Queries();
  const takes = 3_000; // milliseconds that counting takes
  let [used, counted] = [0, 0];
  const queryFn = async () => {
    counted++;
    const now = used;
    await new Promise((done) => setTimeout(done, takes));
    return now;
  };
  const observer = new QueryObserver(queries, { queryKey: ["project", "p"], queryFn, staleTime: 30_000 });
  const stop = observer.subscribe(() => undefined);
  queries.setQueryData(["sizes", "/"], "before");
  await vi.advanceTimersByTimeAsync(takes);
  for (let t = 0; t < 60_000; t += 200) {
    used++;
    refreshStorage(queries);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(counted).toBeLessThanOrEqual(4);
  await vi.advanceTimersByTimeAsync(20 * takes);
  expect(observer.getCurrentResult().data).toBe(used);
  expect(queries.getQueryState(["sizes", "/"])?.isInvalidated).toBe(true); // it is read when it is shown
  const before = counted;
  await vi.advanceTimersByTimeAsync(100 * takes);
  expect(counted).toBe(before);
  stop();
});

test("what is shown of the storage is up to date soon after a change", async () => {
  const queries = new Queries();
  let used = 1;
  const observer = new QueryObserver(queries, { queryKey: ["sizes", "/d"], queryFn: () => used, staleTime: 30_000 });
  const stop = observer.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(100);
  used = 2;
  refreshStorage(queries);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(observer.getCurrentResult().data).toBe(2);
  stop();
});

test("what is shown of the storage is up to date also after the clock was set back", async () => {
  const queries = new Queries();
  let used = 1;
  const observer = new QueryObserver(queries, { queryKey: ["sizes", "/d"], queryFn: () => used, staleTime: 30_000 });
  const stop = observer.subscribe(() => undefined);
  refreshStorage(queries);
  await vi.advanceTimersByTimeAsync(2_000);
  vi.setSystemTime(Date.now() - 3_600_000);
  used = 2;
  refreshStorage(queries);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(observer.getCurrentResult().data).toBe(2);
  stop();
});
