import { expect, test } from "vitest";
import { changeOf } from "./change";

test("only what was touched is sent", () => {
  const before = { description: "Scans.", tags: { stage: "raw", sensor: "lidar", north: "" } };
  const typed = Object.entries(before.tags).map(([key, value]) => ({ key, value }));
  expect(changeOf(before, "Scans.", [...typed, { key: "", value: "" }])).toEqual({});
  expect(changeOf(before, "", typed)).toEqual({ description: "" });
  expect(changeOf(before, "Scans.", [{ key: "stage", value: "clean" }, { key: "sensor", value: "lidar" }, { key: "run", value: "" }])).toEqual({
    set: { stage: "clean", run: "" },
    remove: ["north"],
  });
});

test("a key that is renamed goes, and the new one comes", () => {
  expect(changeOf({ description: "", tags: { a: "1" } }, "", [{ key: "b", value: "1" }])).toEqual({ set: { b: "1" }, remove: ["a"] });
});
