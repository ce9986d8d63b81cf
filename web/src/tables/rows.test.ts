import { expect, test } from "vitest";
import { columnsAt, placesOf } from "./rows";

test("columns stand in an address by their places", () => {
  for (const columns of [[0], [0, 1, 2], [1, 3, 4, 5, 9]]) expect(columnsAt(placesOf(columns), 10)).toEqual(columns);
  expect(placesOf([0, 1, 2, 6])).toBe("1-3,7");
  expect(columnsAt("1-999999999", 3)).toEqual([0, 1, 2]);
  for (const none of ["", "0", "x", "11", "3-2", "-1"]) expect(columnsAt(none, 10)).toBeUndefined();
});
