import { expect, test } from "vitest";
import { grouped, patternOf } from "./tags";

test("tags are grouped by what is before the first slash", () => {
  const groups = grouped(["epoch_loss", "train/a/b", "train/c", "val/a"].map((tag) => ({ tag, runs: [] })));
  expect(groups.map((g) => [g.name, g.tags.map((t) => t.tag)])).toEqual([["", ["epoch_loss"]], ["train", ["train/a/b", "train/c"]], ["val", ["val/a"]]]);
});

test("a filter that is none is said to be", () => {
  expect(patternOf("train|val")).toHaveProperty("pattern");
  expect(patternOf("(train")).toEqual({ fault: expect.stringMatching(/^This is not a valid regular expression: .*group/i) as unknown });
});
