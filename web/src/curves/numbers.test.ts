import { expect, test } from "vitest";
import { digitAbove, digitBelow, exactStep, labels, logMarks, stretch } from "./numbers";

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

test("marks that differ have labels that differ", () => {
  expect(labels([0, 50_000, 100_000], "step")).toEqual(["0", "50K", "100K"]);
  expect(labels([123_440, 123_460, 123_480], "step")).toEqual(["123,440", "123,460", "123,480"]);
  expect(labels([0, 3600, 7200], "relative")).toEqual(["0 s", "60 min", "2 h"]);
  expect(labels([180_000, 180_010, 180_020], "relative")).toEqual(["180,000 s", "180,010 s", "180,020 s"]);
  expect(labels([17e17, 17e17 + 256], "step")).toEqual(["1,700,000T", "1,700,000T"]); // which have no room for more
  expect(stretch(1_234_400.2, 1_234_479.8, "step")).toBe("step 1,234,400 to step 1,234,480");
  expect(stretch(0.25, 0.75, "step")).toBe("step 0.25 to step 0.75");
  expect(stretch(100_000, 100_020, "relative")).toBe("100,000 s to 100,020 s");
  expect(exactStep(1_234_567)).toBe("1,234,567");
});
