import { expect, test } from "vitest";
import { bytesOf, rateOf, titleOf } from "./sum";
import type { Upload, UploadState } from "./upload";

const uploads = (...states: UploadState[]): Upload[] =>
  states.map((state, i) => ({ id: i, group: 1, file: new File([new Uint8Array(10)], `f${i}`), path: `/d/f${i}`, state, sent: 0, fault: "", replace: false, alone: false }));

test("what was skipped is not said to be uploaded", () => {
  expect(titleOf(uploads("done", "done", "skipped"))).toBe("2 files uploaded, 1 skipped");
  expect(titleOf(uploads("done", "skipped", "sending"))).toBe("1 of 2 files uploaded");
  expect(titleOf(uploads("done", "done"))).toBe("2 files uploaded");
  expect(titleOf(uploads("done", "skipped", "failed"))).toBe("1 file could not be uploaded");
  expect(bytesOf(uploads("done", "skipped", "waiting"))).toEqual({ total: 20, sent: 10 });
});

test("a rate is one per second, however seldom it is looked at", () => {
  expect(rateOf(0, 500, 1)).toBe(500);
  expect(rateOf(1000, 2000, 1)).toBeCloseTo(0.7 * 1000 + 0.3 * 2000);
  expect(rateOf(1000, 60_000, 60)).toBeCloseTo(1000); // a hidden tab
  expect(rateOf(5000, 60_000, 60)).toBeCloseTo(1000);
});
