// @vitest-environment happy-dom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NameTaken, type Conflict } from "./NameTaken";

let root: Root | undefined;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
});

afterEach(async () => {
  await act(() => root?.unmount());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The questions about conflicts of one group, each with its id as its name. What is chosen is noted. */
function questions() {
  const chosen: unknown[] = [];
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  const ask = (...ids: number[]) => {
    const conflicts = ids.map((id): Conflict => ({ id, group: 1, path: `/d/${id}` }));
    return act(() => root?.render(<NameTaken conflicts={conflicts} onChoose={(...choice) => chosen.push(choice)} />));
  };
  const about = () => place.querySelector("strong")?.textContent;
  const box = () => place.querySelector("input");
  const click = (name: string) => act(() => [...place.querySelectorAll("button")].find((b) => b.textContent === name)?.click());
  const read = () => act(() => vi.advanceTimersByTime(1000));
  return { chosen, ask, about, box, click, read };
}

test("the second click of a double click does not answer the next question, and what was unticked stays so", async () => {
  const { chosen, ask, about, box, click, read } = questions();
  await ask(1, 2, 3);
  await read();
  expect(box()?.checked).toBe(true);
  await act(() => box()?.click());
  await click("Replace");
  expect(chosen).toEqual([[1, "replace", false]]);
  await ask(2, 3);
  await click("Replace");
  expect([about(), chosen.length]).toEqual(["2", 1]);
  expect(box()?.checked).toBe(false);
  await read();
  await click("Skip");
  expect(chosen.slice(1)).toEqual([[2, "skip", false]]);
});

test("a question stays as it is while another file turns out to exist, also one that was chosen earlier", async () => {
  const { chosen, ask, about, box, click, read } = questions();
  await ask(2);
  await read();
  await ask(1, 2);
  expect([about(), box()?.checked]).toEqual(["2", false]);
  await click("Replace");
  await ask(1);
  expect([about(), box()?.checked]).toEqual(["1", false]);
  expect(chosen).toEqual([[2, "replace", false]]);
});

test("what was unticked stays so after a while without a conflict, too", async () => {
  const { ask, box, read } = questions();
  await ask(1, 2);
  await act(() => box()?.click());
  await ask();
  await read();
  await ask(3, 4);
  expect(box()?.checked).toBe(false);
});
