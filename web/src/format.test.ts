import { expect, test } from "vitest";
import { moment as momentOfRun } from "./curves/numbers";
import { exactMoment, moment } from "./format";

test("the hour after midnight is the hour 00 of the new day", () => {
  const at = new Date(2026, 2, 5, 0, 5).getTime();
  expect(moment(at, at)).toBe("00:05");
  expect(moment(at, at + 3 * 24 * 60 * 60 * 1000)).toBe("Mar 5, 00:05");
  expect(momentOfRun(at / 1000)).toBe("Mar 5, 00:05:00");
});

test("what is written as a time and is none is said to be none", () => {
  for (const at of [9_223_372_036_854_775_807, 1_764_000_000_000_000_000, -8.64e15 - 1, Number.NaN]) {
    expect(moment(at)).toBe("invalid date");
    expect(momentOfRun(at)).toBe("invalid date");
    expect(exactMoment(at)).toContain("not a valid date");
  }
  expect(exactMoment(1_764_000_000_000_000_000)).toBe("1,764,000,000,000,000,000 milliseconds since 1970, which is not a valid date");
  expect([moment(8.64e15), exactMoment(0), momentOfRun(0)]).toEqual([new Date(8.64e15).getTimezoneOffset() <= 0 ? "Sep 13, 275760" : "Sep 12, 275760", "", ""]);
});
