// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FileStatus } from "../api/client";
import { nothing, type Selection } from "./selection";
import { target, useEntryKeys } from "./useEntryKeys";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => void vi.unstubAllGlobals());

const page = () => 3;

test("in a list, keys lead up and down and stop at the ends", () => {
  const to = (key: string, from: number) => target(key, from, 10, 1, page);
  expect([to("ArrowDown", -1), to("ArrowDown", 4), to("ArrowDown", 9), to("ArrowUp", 4), to("ArrowUp", 0)]).toEqual([0, 5, 9, 3, 0]);
  expect([to("PageDown", 1), to("PageDown", 8), to("PageUp", 8), to("PageUp", 1), to("Home", 5), to("End", 5)]).toEqual([4, 9, 5, 0, 0, 9]);
  expect([to("ArrowLeft", 4), to("ArrowRight", 4), to("x", 4)]).toEqual([undefined, undefined, undefined]);
});

test("in rows of tiles, keys keep to the column where there is one, and the last row may be short", () => {
  const to = (key: string, from: number) => target(key, from, 10, 4, page); // 0-3, 4-7, 8-9
  expect([to("ArrowDown", 1), to("ArrowDown", 5), to("ArrowDown", 6), to("ArrowDown", 8)]).toEqual([5, 9, 9, 8]);
  expect([to("ArrowUp", 9), to("ArrowUp", 2), to("PageUp", 9), to("PageDown", 1)]).toEqual([5, 2, 1, 9]);
  expect([to("ArrowRight", 3), to("ArrowLeft", 4), to("ArrowLeft", 0)]).toEqual([4, 3, 0]);
});

test("a checkbox that was clicked, and has the focus, keeps its own keys; others are those of the entries, and bring the focus back", async () => {
  const [onDelete, selected, opened] = [vi.fn(), [] as Selection[], vi.fn()];
  const shown = ["a", "b"].map((pathSuffix) => ({ pathSuffix }) as FileStatus);
  function Shown() {
    const keys = useEntryKeys({
      shown, selection: { ...nothing, names: new Set(["a"]) }, onSelect: (s) => selected.push(s), onOpen: opened, onDelete, onDrag: () => undefined,
      onRenaming: () => undefined, across: 1, page, reveal: () => undefined,
    });
    return (
      <div id="entries" tabIndex={0} onKeyDown={keys.onKeyDown} onFocus={keys.onFocus}>
        <input type="checkbox" />
        <input type="text" />
      </div>
    );
  }
  const place = document.body.appendChild(document.createElement("div"));
  await act(() => createRoot(place).render(<Shown />));
  const press = (type: string, key: string) =>
    act(() => {
      const field = place.querySelector<HTMLInputElement>(`[type=${type}]`);
      field?.focus();
      field?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true }));
    });
  for (const key of ["Delete", "ArrowDown", "a"]) await press("text", key);
  for (const key of [" ", "Enter", "Tab"]) await press("checkbox", key);
  expect([onDelete.mock.calls.length, selected.length, opened.mock.calls.length, document.activeElement?.id]).toEqual([0, 0, 0, ""]);
  await press("checkbox", "Delete");
  expect([onDelete.mock.calls.length, document.activeElement?.id]).toEqual([1, "entries"]);
  await press("checkbox", "End");
  expect(selected.at(-1)).toEqual({ cursor: "b", anchor: "b", names: new Set(["b"]) });
});
