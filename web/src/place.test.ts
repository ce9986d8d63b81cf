// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { go, here, isShown, plainView, viewOf } from "./place";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const step = (n: number) => go({ at: "files", path: "/a" }, { ...plainView, more: { step: String(n) } }, true);
const told = () => viewOf(location.search).more["step"];

test("one is at once where one goes, and the browser is told no more often than it listens", async () => {
  const replaced = vi.spyOn(history, "replaceState");
  for (let n = 1; n <= 600; n++) {
    step(n);
    expect(viewOf(here().slice(here().indexOf("?"))).more["step"]).toBe(String(n));
    await vi.advanceTimersByTimeAsync(16);
  }
  expect(replaced.mock.calls.length).toBeLessThan(100); // in ten seconds
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told()).toBe("600");
  step(1); // after a while, at once
  expect(told()).toBe("1");
});

test("the way back leads to what was seen last, and what was not told yet is not told of another place", async () => {
  for (let n = 1; n <= 50; n++) step(n);
  expect(told()).not.toBe("50");
  const pushed = vi.spyOn(history, "pushState");
  const replaced = vi.spyOn(history, "replaceState");
  go({ at: "files", path: "/b" });
  expect(replaced.mock.calls.at(-1)?.[2]).toBe("/files/a?step=50");
  expect(pushed.mock.calls.at(-1)?.[2]).toBe("/files/b");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(location.pathname).toBe("/files/b");
});

test("whether a dialog is shown is a matter of the address", () => {
  go({ at: "files", path: "/a" }, { ...plainView, more: { open: "folder" } });
  expect([isShown("/a", "open", "folder"), isShown("/a", "open", "share"), isShown("/b", "open", "folder")]).toEqual([true, false, false]);
  go({ at: "files", path: "/a" });
  expect(isShown("/a", "open", "folder")).toBe(false);
});
