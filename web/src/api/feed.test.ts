// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followFeed } from "./feed";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a feed that is refused is asked for less and less often, and soon again after it was open", async () => {
  const asked: EventTarget[] = [];
  class Feed extends EventTarget {
    static readonly CLOSED = 2;
    readonly readyState = 2;
    constructor() {
      super();
      asked.push(this);
    }
    close(): void {
      this.dispatchEvent(new Event("closed"));
    }
  }
  vi.stubGlobal("EventSource", Feed);
  let gaps = 0;
  const stop = followFeed("/feed", () => undefined, () => gaps++);
  const refuse = () => asked.at(-1)?.dispatchEvent(new Event("error"));
  const refusedAfter = async () => {
    const before = asked.length;
    refuse();
    let waited = 0;
    for (; asked.length === before; waited += 500) await vi.advanceTimersByTimeAsync(500);
    return waited;
  };
  const pauses: number[] = [];
  for (let i = 0; i < 7; i++) pauses.push(await refusedAfter());
  expect(pauses).toEqual([3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
  asked.at(-1)?.dispatchEvent(new Event("open"));
  expect([gaps, await refusedAfter()]).toEqual([1, 3_000]);
  stop();
  refuse();
});
