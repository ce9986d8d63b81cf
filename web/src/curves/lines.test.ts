import { expect, test } from "vitest";
import { extent, lineOf, nearest, smoothed } from "./lines";
import { markable, roomy } from "./numbers";
import type { Series } from "./series";

const series: Series = {
  run: "a", state: "1", count: 4, thinned: false, steps: [1, 2, 3, 4], wallTimes: [100, 110, 120, 130], values: [1, -2, null, 4],
  nonFinite: [{ index: 2, value: "NaN" }],
};

test("smoothing is TensorBoard's", () => {
  // By hand, as resmoothDataset of TensorBoard's line chart does it: each average divided by 1 - 0.6^n.
  const got = smoothed([0, 1, 2, 3], 0.6);
  expect(got.map((v) => v?.toFixed(4))).toEqual(["0.0000", "0.6250", "1.3265", "2.0956"]);
  expect(smoothed([3, 1], 0)).toEqual([3, 1]);
  expect(smoothed([5, null, 5], 0.9)).toEqual([5, null, 5]);
  expect(smoothed([5, null, 6], 0.5)[1]).toBeNull();
});

test("a line by each axis", () => {
  expect(lineOf(series, "step", 0, false).x).toEqual([1, 2, 3, 4]);
  expect(lineOf(series, "relative", 0, false).x).toEqual([0, 10, 20, 30]);
  expect(lineOf(series, "wall", 0, false).x).toEqual([100, 110, 120, 130]);
  expect(lineOf(series, "step", 0, true).raw).toEqual([1, null, null, 4]);
  expect(lineOf(series, "step", 0, true).written).toEqual([1, -2, null, 4]);
  expect(lineOf(series, "step", 0, false).odd.get(2)).toBe("NaN");
});

test("what goes back is drawn in order", () => {
  const line = lineOf({ ...series, steps: [1, 4, 2, 3] }, "step", 0, false);
  expect(line.x).toEqual([1, 2, 3, 4]);
  expect(line.raw).toEqual([1, null, 4, -2]);
  expect(line.written).toEqual(line.raw);
  expect(line.odd.get(1)).toBe("NaN");
});

test("the nearest", () => {
  expect([0, 1.4, 1.6, 9].map((at) => nearest([1, 2, 5], at))).toEqual([0, 0, 1, 2]);
  expect(nearest([], 1)).toBe(-1);
});

test("the extent of what is seen", () => {
  const line = lineOf(series, "step", 0, false);
  expect(extent([line], 1, 4, "raw")).toEqual([-2, 4]);
  expect(extent([line], 3, 4, "raw")).toEqual([4, 4]);
  expect(extent([line], 3, 3, "raw")).toBeUndefined();
});

test("a range has room for marks between its ends, however large they are", () => {
  expect(roomy([0, 0])).toEqual([0, 0]);
  expect(roomy([-1, 1])).toEqual([-1, 1]);
  expect(roomy([0.1, 0.1 + 1e-12])).toEqual([0.1, 0.1 + 1e-12]);
  for (const at of [2 ** 53, 5e16, -1.7e18, 1e300]) {
    const [low, high] = roomy([at - 1, at + 1]);
    for (let mark = low, i = 0; i < 10; i++) {
      const next = mark + (high - low) / 10;
      expect(next).toBeGreaterThan(mark);
      mark = next;
    }
  }
});

test("an axis has marks between dates, and between finite numbers", () => {
  expect(markable(1.7e9, 1.8e9, true)).toBe(true);
  expect(markable(1.7e18, 1.8e18, true)).toBe(false);
  expect(markable(1.7e18, 1.8e18, false)).toBe(true);
  expect(markable(1, Infinity, false)).toBe(false);
});
