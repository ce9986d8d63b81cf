import { expect, test } from "vitest";
import { bytesOf, titleOf } from "./sum";
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
