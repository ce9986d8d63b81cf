import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Backoff } from "./backoff";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The milliseconds after which it is tried again. */
async function until(calls: { at: number[] }): Promise<number> {
  const begun = Date.now();
  const before = calls.at.length;
  while (calls.at.length === before) await vi.advanceTimersByTimeAsync(100);
  return (calls.at.at(-1) ?? 0) - begun;
}

function tried(): { at: number[]; backoff: Backoff } {
  const at: number[] = [];
  return { at, backoff: new Backoff(() => at.push(Date.now())) };
}

test("pauses double up to half a minute, and are short again after something came through", async () => {
  const t = tried();
  const pauses: number[] = [];
  for (let i = 0; i < 7; i++) {
    t.backoff.wait();
    pauses.push(await until(t));
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  t.backoff.forget();
  t.backoff.wait();
  expect(await until(t)).toBe(1_000);
});

test("the server is not asked again before it wants to be, within an hour", async () => {
  const t = tried();
  t.backoff.wait(7);
  expect(await until(t)).toBe(7_000);
  t.backoff.wait(1e12); // more milliseconds than a timer knows would be none
  expect(await until(t)).toBe(3_600_000);
});

test("several that meet the same wait once, for the longest", async () => {
  const t = tried();
  t.backoff.wait();
  t.backoff.wait(5);
  t.backoff.wait(2);
  expect(await until(t)).toBe(5_000);
  t.backoff.wait();
  expect(await until(t), "the pause has doubled once").toBe(2_000);
});

test("who does not want to wait is not called again", async () => {
  const t = tried();
  t.backoff.wait();
  expect(t.backoff.waits).toBe(true);
  t.backoff.end();
  expect(t.backoff.waits).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(t.at).toEqual([]);
});
