import { expect, test } from "vitest";
import { choiceText, chosen } from "./choice";
import type { Run } from "./runs";

const named = (...names: string[]): Run[] =>
  names.map((run) => ({ run, files: 1, length: 1, modificationTime: 0, lastStep: 0, lastWallTime: 0, scalars: 1, images: 0, state: "", partial: false }));
const three = named(".", "+a/b", "-c,d");

test("the choice of runs goes through the address", () => {
  for (const names of [[], ["."], ["+a/b"], ["-c,d", "."], ["+a/b", "-c,d"]]) {
    const text = choiceText(three, new Set(names));
    expect([...chosen(three, text)].sort()).toEqual([...names].sort());
    expect(text).not.toBe("");
  }
  expect(choiceText(three, new Set([".", "+a/b", "-c,d"]))).toBe("");
});

test("of many runs the first are shown", () => {
  const many = named(...Array.from({ length: 250 }, (_, i) => `run${i}`));
  expect(chosen(many, "").size).toBe(20);
  const all = new Set(many.map((run) => run.run));
  expect(choiceText(many, all)).toBe("-");
  expect(chosen(many, "-").size).toBe(250);
  expect(chosen(many, "+").size).toBe(0);
});
