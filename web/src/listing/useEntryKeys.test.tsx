import { expect, test } from "vitest";
import { target } from "./useEntryKeys";

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
