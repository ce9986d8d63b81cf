import { expect, test } from "vitest";
import { bytesOf, limitText, namesOf } from "./limits";

test.each([
  ["", -1], ["500 GiB", 500 * 2 ** 30], ["2tb", 2e12], ["1.5 MiB", 1.5 * 2 ** 20], ["0", 0], ["12 B", 12], ["many", undefined], ["1 furlong", undefined], ["-1", undefined], ["1e9", undefined], ["99999999 PiB", undefined],
])("%s is so many bytes", (text, bytes) => expect(bytesOf(text)).toBe(bytes));

test("a limit that is not touched stays what it is", () => {
  for (const bytes of [-1, 0, 1, 1000, 1024, 500 * 2 ** 30, 2 ** 40 + 1]) expect(bytesOf(limitText(bytes))).toBe(bytes);
});

test("numbers of files are typed with and without commas", () => {
  expect([namesOf(""), namesOf("1,000,000"), namesOf("12"), namesOf("1.5"), namesOf("x")]).toEqual([-1, 1_000_000, 12, undefined, undefined]);
});
