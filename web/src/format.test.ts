import { expect, test } from "vitest";
import { moment as momentOfRun } from "./curves/numbers";
import { moment } from "./format";

test("the hour after midnight is the hour 00 of the new day", () => {
  const at = new Date(2026, 2, 5, 0, 5).getTime();
  expect(moment(at, at)).toBe("00:05");
  expect(moment(at, at + 3 * 24 * 60 * 60 * 1000)).toBe("Mar 5, 00:05");
  expect(momentOfRun(at / 1000)).toBe("Mar 5, 00:05:00");
});
