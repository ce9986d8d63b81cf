// @vitest-environment happy-dom
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { ApiError, type FileStatus } from "../api/client";
import { go } from "../place";
import ParquetView from "./ParquetView";

const file = vi.hoisted(() => ({ opened: 0, rows: [] as (() => Promise<string[][]>)[] }));

vi.mock("./parquetFile", () => ({
  ParquetFile: class {
    open = () => {
      file.opened++;
      return Promise.resolve({ rows: 3, fields: [{ name: "id", type: "int32", right: true, nullable: false }], groups: [{ first: 0, rows: 3, chunks: [[]] }] });
    };
    rows = () => file.rows.shift()?.();
    close = () => undefined;
  },
}));

let root: Root | undefined;

afterEach(() => root?.unmount());

test.for([[503, 1], [412, 2]] as const)("after rows were refused with %i, they are tried again with the file opened %i times in all", async ([status, opened]) => {
  file.opened = 0;
  file.rows = [() => Promise.reject(new ApiError(status, "Not now.")), () => Promise.resolve([["one"], ["two"], ["three"]])];
  go({ at: "files", path: "/a.parquet" });
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<ParquetView path="/a.parquet" status={{ length: 100, modificationTime: 1 } as FileStatus} />);
  await vi.waitFor(() => expect(place.querySelector("[role=alert] button")).not.toBeNull(), 20_000);
  expect(place.textContent).toContain("Not now.");
  place.querySelector<HTMLElement>("[role=alert] button")?.click();
  await vi.waitFor(() => expect(place.textContent).toContain("three"), 20_000);
  expect(file.opened).toBe(opened);
  expect(place.textContent).not.toContain("Not now.");
});
