import { expect, test } from "vitest";
import type { FileStatus } from "../api/client";
import { plainView } from "../place";
import { arrange } from "./arrange";
import { deletedFrom, inTrash } from "./actions";
import { all, follow, kept, move, nothing, toggle } from "./selection";

function entry(pathSuffix: string, more: Partial<FileStatus> = {}): FileStatus {
  return {
    pathSuffix, type: "FILE", length: 0, modificationTime: 0, accessTime: 0, owner: "ada", group: "g", permission: "644", replication: 1, blockSize: 1,
    childrenNum: 0, fileId: 1, storagePolicy: 0, ...more,
  };
}

const names = (items: readonly FileStatus[]) => items.map((item) => item.pathSuffix);

test("directories come first, numbers in their order, and equals by their names", () => {
  const items = [entry("run10", { length: 2 }), entry("run9", { length: 2 }), entry("z", { type: "DIRECTORY" }), entry("A", { length: 3 })];
  expect(names(arrange(items, plainView))).toEqual(["z", "A", "run9", "run10"]);
  expect(names(arrange(items, { ...plainView, descending: true }))).toEqual(["z", "run10", "run9", "A"]);
  expect(names(arrange(items, { ...plainView, sort: "size" }))).toEqual(["z", "run9", "run10", "A"]);
  expect(names(arrange(items, { ...plainView, filter: "RUN" }))).toEqual(["run9", "run10"]);
});

test("a filter finds a name however its letters are composed", () => {
  const items = [entry("Re\u0301sume\u0301.txt"), entry("r\u00e9sum\u00e9s.txt"), entry("resume.txt")];
  for (const filter of ["r\u00e9sum\u00e9", "RE\u0301SUME\u0301"]) expect(arrange(items, { ...plainView, filter })).toHaveLength(2);
});

const order = ["a", "b", "c", "d", "e"];

test("a selection moves, grows and stays with its names", () => {
  const at = move(nothing, order, 1, "only");
  expect([...at.names]).toEqual(["b"]);
  const range = move(move(at, order, 3, "range"), order, 4, "range");
  expect([...range.names]).toEqual(["b", "c", "d", "e"]);
  expect([...move(range, order, 0, "range").names]).toEqual(["a", "b"]);
  expect([...toggle(range, "c").names]).toEqual(["b", "d", "e"]);
  expect(move(range, order, 99, "keep").cursor).toBe("e");
  expect(all(nothing, order).names.size).toBe(5);
  expect(move(nothing, [], 0, "only")).toEqual(nothing);
});

test("the cursor takes the place of an entry that is gone", () => {
  const at = toggle(move(nothing, order, 2, "only"), "d");
  const left = ["a", "b", "c", "e"];
  expect(kept(at, left, order)).toEqual({ cursor: "e", anchor: "e", names: new Set(["c"]) });
  expect(kept(at, [], order).cursor).toBeUndefined();
});

test("what was made is selected, unless something else was meanwhile", () => {
  const before = move(nothing, order, 1, "only");
  expect(follow(kept(before, order, order), before, "made")).toEqual({ cursor: "made", anchor: "made", names: new Set(["made"]) });
  for (const now of [move(before, order, 2, "only"), toggle(before, "d"), nothing]) expect(follow(now, before, "made")).toBe(now);
});

test("the trash tells where something was", () => {
  expect(deletedFrom("/Projects/p/.Trash/ada/Current/Projects/p/Logs/x")).toBe("/Projects/p/Logs/x");
  expect(deletedFrom("/user/ada/.Trash/260102030405/user/ada/x")).toBe("/user/ada/x");
  for (const path of ["/Projects/p/.Trash", "/Projects/p/.Trash/ada", "/Projects/p/.Trash/ada/Current", "/Projects/p/Current/x"]) {
    expect(deletedFrom(path), path).toBeUndefined();
  }
  expect([inTrash("/user/ada/.Trash"), inTrash("/user/ada/Trash")]).toEqual([true, false]);
});
