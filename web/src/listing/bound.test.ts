import { expect, test } from "vitest";
import { bounded } from "./bound";

const highest = 17_000_000; // pixels; browsers cut what is higher

test("no more rows are shown than a browser can scroll to, and that is said", () => {
  const names = Array.from({ length: 1_000_000 }, (_, i) => i);
  const rows = bounded(names, names.length, false);
  expect(rows.total * 34).toBeLessThan(highest);
  expect([rows.shown.length, rows.shown.at(-1)]).toEqual([rows.total, rows.total - 1]);
  expect(rows.rest).toBe("Only the first 400,000 items can be shown. Use the filter to see others.");
  expect((bounded(names, names.length, true).total / 2) * 214).toBeLessThan(highest);
  expect(bounded(names.slice(0, 10), names.length, false)).toMatchObject({ total: rows.total, rest: rows.rest }); // the others have not come yet
  expect(bounded(names.slice(0, 100_000), 100_000, true)).toEqual({ shown: names.slice(0, 100_000), total: 100_000, rest: "" });
});
