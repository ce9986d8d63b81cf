import { expect, test } from "vitest";
import { digitAbove, digitBelow, logMarks } from "./numbers";

test("the ends of a logarithmic axis are numbers that it marks", () => {
  for (const [v, below, above] of [[3.3e-5, 3e-5, 4e-5], [0.00034, 0.0003, 0.0004], [999, 900, 1000], [1000, 900, 1100], [7, 6.3, 7.7], [1.2e-45, 1e-45, 2e-45]] as const) {
    expect([digitBelow(v), digitAbove(v)].map((n) => n.toPrecision(12))).toEqual([below, above].map((n) => n.toPrecision(12)));
  }
  expect([digitBelow(5e-324), digitAbove(1.7e308)]).toEqual([5e-324, Number.MAX_VALUE]);
});

test("a logarithmic axis has as many marks as have room, evenly spread", () => {
  expect(logMarks(1, 10, 30)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(logMarks(0.3, 4, 6)).toEqual([0.5, 1, 2]);
  expect(logMarks(3e-5, 0.4, 6)).toEqual([1e-4, 1e-3, 1e-2, 0.1]);
  expect(logMarks(1e-9, 5e3, 6)).toEqual([1e-9, 1e-6, 1e-3, 1, 1000]);
  expect(logMarks(0.9, 1.1, 6)).toEqual([0.9, 1]);
  for (const [low, high] of [[0, 1], [-1, 1], [NaN, 1], [1, Infinity], [2, 1]] as const) expect(logMarks(low, high, 6)).toEqual([]);
});

test("a logarithmic axis has marks however small or large its values are", () => {
  for (let power = -323; power <= 307; power++) {
    for (const decades of [0, 1, 7, 40]) {
      const [low, high] = [digitBelow(Number(`2e${power}`)), digitAbove(Number(`3e${Math.min(307, power + decades)}`))];
      const marks = logMarks(low, high, 6);
      expect(marks.length).toBeGreaterThan(0);
      expect(marks.length).toBeLessThan(12);
      expect(marks.every((mark, i) => mark >= low && mark <= high && (i === 0 || mark > (marks[i - 1] ?? 0)))).toBe(true);
    }
  }
});
