import { expect, test } from "vitest";
import { exact, readEither, readJson, readLines, unread } from "./read";
import { find, handful, idOf, inShort, openedFor, rowsOf, written } from "./tree";

const sample = readJson('{"runs":[{"loss":0.5,"name":"first"},{"loss":0.25,"name":"second"}],"__proto__":{"x":1},"a b":null}');

test("only what is open has lines", () => {
  expect(rowsOf(sample, new Map()).map((row) => row.id)).toEqual(["[]"]);
  const open = new Map([["[]", handful], ['["runs"]', 1]]);
  expect(rowsOf(sample, open).map((row) => row.id)).toEqual(["[]", '["runs"]', '["runs",0]', '["runs"]+', '["__proto__"]', '["a b"]']);
});

test("a line says which of how many it is, also of those that are not shown yet", () => {
  const rows = rowsOf({ a: Array.from({ length: 1_200 }, () => 0), b: 1 }, new Map([["[]", handful], ['["a"]', handful]]));
  const places = Object.fromEntries(rows.map((row) => [row.id, [row.place, row.of]]));
  expect([places["[]"], places['["a"]'], places['["b"]'], places['["a",499]'], places['["a"]+']]).toEqual([[1, 1], [1, 2], [2, 2], [500, 1_200], [501, 1_200]]);
});

test("what is found can be opened, however far behind it is", () => {
  expect(find(sample, "SECOND", 9)).toEqual([["runs", 1, "name"]]);
  expect(find(sample, "loss", 9)).toEqual([["runs", 0, "loss"], ["runs", 1, "loss"]]);
  expect(find(sample, "loss", 1)).toHaveLength(1);
  const long = Array.from({ length: 3_000 }, (_, i) => ({ i: `v${i}` }));
  const [way = []] = find(long, "v2345", 9);
  const rows = rowsOf(long, openedFor(long, way, new Map()));
  expect(rows.map((row) => row.id)).toContain(idOf(way));
});

test("ways are written as jq takes them", () => {
  expect(written(["runs", 1, "name"])).toBe(".runs[1].name");
  expect(written([0, "a b", "c"])).toBe('.[0]["a b"].c');
  expect(written([])).toBe(".");
});

test("values are shown in short", () => {
  expect([null, true, 1.5, "a\n", [], [1], {}, { a: 1 }].map((value) => inShort(value))).toEqual(["null", "true", "1.5", '"a\\n"', "[]", "[…]", "{}", "{…}"]);
  expect(inShort("x".repeat(500))).toHaveLength(203);
});

test("deep nesting is read, and not opened", () => {
  const deep = readJson("[".repeat(100_000) + "]".repeat(100_000));
  expect(rowsOf(deep, new Map([["[]", 9]])).length).toBe(2);
});

test("JSON lines that are none are said, and a line that is cut off is not", () => {
  expect(readLines('{"a":1}\n\n{b}\n[2', false)).toEqual([{ a: 1 }, { [unread]: "{b}" }]);
  expect(readLines("1\n2", true)).toEqual([1, 2]);
});

test("long numbers stay as they are written, where the engine tells", () => {
  const value = readJson('{"id":12345678901234567890}');
  const { id } = value as { id: unknown };
  expect(exact(id) ? id.digits : String(id)).toMatch(/^1234567890123456/);
});

test("values that Python writes although JSON has none of them are read, and only values", () => {
  const value = readJson('{"loss":[NaN, 1.5,Infinity,-Infinity],"NaN":"a \\"NaN\\" Infinity","\\\\":NaN,"id":12345678901234567890}') as Record<string, unknown>;
  expect(value["loss"]).toEqual([NaN, 1.5, Infinity, -Infinity]);
  expect([value["NaN"], value["\\"]]).toEqual(['a "NaN" Infinity', NaN]);
  expect([NaN, -Infinity].map((one) => inShort(one))).toEqual(["NaN", "-Infinity"]);
  expect(readLines('{"loss":NaN}\n{"loss":nan}', true)).toEqual([{ loss: NaN }, { [unread]: '{"loss":nan}' }]);
  for (const text of ["[1Infinity]", "[-NaN]", "[- Infinity]", "[NaNNaN]", '["NaN]', "[nan]", "NaN,"]) expect(() => readJson(text), text).toThrow(SyntaxError);
});

test("a file of JSON lines may be called JSON", () => {
  expect(readEither('{"a":1}\r\n{"a":NaN}\r\n\r\n')).toEqual([{ a: 1 }, { a: NaN }]);
  expect(readEither('[1,\n2]')).toEqual([1, 2]);
  for (const text of ["{", '{"a":1}\n{', '{\n"a":1,\n}']) expect(() => readEither(text), text).toThrow(SyntaxError);
});

test("a text that is no JSON is looked through once", { timeout: 5_000 }, () => {
  for (const part of ['"', '\\', '\\"', "NaN", "Infinity", '"NaN']) expect(() => readJson(`[NaN ${part.repeat(300_000)}`), part).toThrow(SyntaxError);
});
