import { expect, test } from "vitest";
import { anything, wantsAnything } from "./Filters";

test("only a history that is narrowed is said to be", () => {
  expect(wantsAnything({ ...anything })).toBe(true);
  for (const some of [{ user: "ada" }, { from: "2026-01-01" }, { until: "2026-01-01" }, { reads: true }]) expect(wantsAnything({ ...anything, ...some })).toBe(false);
});
