import { join } from "node:path";
import { expect, test } from "vitest";
import { cannot, intoEnvironment, ways, type Piece, type Spot } from "./lines";
import { pythonText, shellWord } from "./quote";

const folder = "/Projects/vision/lines";

/** What the tests of stock clients run (e2e/clients), for this server and this folder in the place of theirs. */
const origin = new URL("http://granary.example.org:9870/tokens");

test("the lines that are shown are those that stock clients are tested with", async () => {
  const all: { way: string; deed: string; pieces: readonly Piece[] }[] = [];
  const add = (way: string, deed: string, pieces: readonly Piece[]) => all.push({ way, deed, pieces });
  const file = (name: string): Spot => ({ path: `${folder}/${name}`, directory: false });
  for (const way of ways) {
    if (way.write) add(way.name, "write", way.write(folder, origin));
    add(way.name, "read the folder", way.read({ path: folder, directory: true }, origin));
    add(way.name, "read a table", way.read(file("ages.csv"), origin));
    add(way.name, "read a file", way.read(file("hello.txt"), origin));
  }
  await expect(`${JSON.stringify(all, null, 1)}\n`).toMatchFileSnapshot(join(import.meta.dirname, "../../../e2e/clients/lines.json"));
});

test("no line holds a token, and each takes it from the environment", () => {
  for (const way of ways) {
    const text = [...way.read({ path: folder, directory: true }, origin), ...(way.write?.(folder, origin) ?? [])].map((p) => p.text).join("\n");
    expect(text).toContain("GRANARY_TOKEN");
  }
  expect(intoEnvironment).toContain("read -rs");
});

test("https is said to those who do not see it in the address", () => {
  const secure = new URL("https://granary.example.org/");
  const [pandas] = ways;
  expect(pandas?.read({ path: "/a.csv", directory: false }, secure)[0]?.text).toContain(`"webhdfs://granary.example.org:443/a.csv"`);
  expect(pandas?.read({ path: "/a.csv", directory: false }, secure)[0]?.text).toContain(`"use_https": True`);
});

test("names cannot end a text, nor turn it around", () => {
  expect(pythonText(`a"; import os #\\`)).toBe(`"a\\"; import os #\\\\"`);
  expect(pythonText("a\n\u202eb")).toBe(`"a\\u000a\\u202eb"`);
  expect(pythonText("a\u{e0041}b")).toBe(`"a\\U000e0041b"`);
  expect(shellWord("a\u{e0041}b")).toBe(`$'a\\U000e0041b'`);
  expect(shellWord(`it's $(x)`)).toBe(`'it'\\''s $(x)'`);
  expect(shellWord("it's\n\u202e\\")).toBe(`$'it\\'s\\u000a\\u202e\\\\'`);
});

test("what fsspec would take for a pattern is said", () => {
  const [pandas, , , hdfs] = ways;
  if (pandas === undefined || hdfs === undefined) throw new Error("no ways");
  expect(cannot(pandas, "/a?.csv")).toMatch(/patterns/);
  expect(cannot(pandas, "/a.csv")).toBeUndefined();
  expect(cannot(hdfs, "/a?.csv")).toBeUndefined();
});
