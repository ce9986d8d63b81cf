// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { percent, Spoken } from "./Spoken";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("how far a thousand files are is read out a few times, not a thousand times", async () => {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const said: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    await act(() => root.render(<Spoken text={percent(i, 1_000)} />));
    await act(() => vi.advanceTimersByTimeAsync(30));
    const now = place.querySelector("[role=status]")?.textContent ?? "";
    if (said.at(-1) !== now) said.push(now);
  }
  expect(said).toEqual(["0 %", "33 %", "66 %", "99 %"]);
  await act(() => root.unmount());
});
