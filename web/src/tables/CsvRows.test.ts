import { expect, test } from "vitest";
import { ApiError } from "../api/client";
import { CsvRows } from "./CsvRows";
import type { ReadRange } from "./range";

const row = "0123456789,abcdefghi\n"; // 21 bytes
const bytes = new TextEncoder().encode(row.repeat(150_000)); // three pieces

/** Reads of bytes, but for those times, counted from 0, at which the connection is lost. */
function reading(of: Uint8Array<ArrayBuffer>, lost: readonly number[]): ReadRange {
  let times = 0;
  return (from, to) => (lost.includes(times++) ? Promise.reject(new ApiError(0, "The server does not answer.")) : Promise.resolve(of.slice(from, to)));
}

test("a table that could not be read on goes on from where it was, and is not taken for the whole", async () => {
  for (const lost of [[0], [1], [1, 2]]) {
    const rows = new CsvRows(reading(bytes, lost), bytes.length, false, {});
    for (const _ of lost) {
      await expect.poll(() => rows.failure).toBeInstanceOf(ApiError);
      expect([rows.reading, rows.stopped]).toEqual([false, undefined]);
      rows.again?.();
      expect(rows.failure).toBeUndefined();
    }
    rows.readTo(1_000_000);
    await expect.poll(() => rows.stopped).toBe("end");
    expect([rows.end, rows.read, rows.failure], lost.join()).toEqual([150_000, bytes.length, undefined]);
  }
});

test("what is damaged stays so, and nobody is asked to try it again", async () => {
  const damaged = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff);
  const rows = new CsvRows(reading(damaged, []), damaged.length, true, {});
  await expect.poll(() => rows.failure).toBeDefined();
  expect([rows.reading, rows.stopped, rows.again]).toEqual([false, undefined, undefined]);
});
