import { expect, test } from "vitest";
import { shotAt, shotsOf, type RunImage } from "./images";

const image = (step: number, sample: number, length = 1): RunImage => ({ step, sample, length, wallTime: 0, width: 1, height: 1, type: "image/png" });

test("images of one step are shown together, as they were written last", () => {
  const shots = shotsOf([image(20, 0), image(10, 1), image(10, 0), image(20, 0, 7)]);
  expect(shots.map((s) => [s.step, s.samples.map((i) => [i.sample, i.length])])).toEqual([[10, [[0, 1], [1, 1]]], [20, [[0, 7]]]]);
  expect([undefined, 5, 10, 19, 20, 99].map((step) => shotAt(shots, step))).toEqual([1, 0, 0, 0, 1, 1]);
  expect(shotAt([], undefined)).toBe(-1);
});
