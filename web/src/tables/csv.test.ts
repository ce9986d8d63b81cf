import { expect, test } from "vitest";
import { cellsOf, delimiterOf, headed, kindOf, recordsIn } from "./csv";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Numbers that look random and are the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const pieces = ["a", "bc", '"', '""', ",", ";", "\n", "\r\n", "\r", " ", "é", "日本", "😀", "0", "\t", "|", "‮", ""];

function table(roll: (sides: number) => number): string[][] {
  const columns = 1 + roll(5);
  return Array.from({ length: roll(12) }, () =>
    Array.from({ length: columns }, () => Array.from({ length: roll(5) }, () => pieces[roll(pieces.length)] ?? "").join("")),
  );
}

function serialise(rows: readonly (readonly string[])[], delimiter: string, line: string, roll: (sides: number) => number, final: boolean): string {
  const cell = (text: string, alone: boolean) => (/["\r\n]/.test(text) || text.includes(delimiter) || (alone && text === "") || roll(4) === 0 ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map((text) => cell(text, row.length === 1)).join(delimiter)).join(line) + (final && rows.length > 0 ? line : "");
}

/** Reads as the viewer does: piece by piece, what is not whole goes before the next. */
function parse(bytes: Uint8Array, delimiter: string, cuts: readonly number[]): string[][] {
  const rows: string[][] = [];
  let rest = new Uint8Array(0);
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    const last = to === bytes.length && from <= to;
    const piece = new Uint8Array(rest.length + to - from);
    piece.set(rest);
    piece.set(bytes.subarray(from, to), rest.length);
    const { starts, widths, used } = recordsIn(piece, delimiter.charCodeAt(0), last);
    starts.forEach((start, i) => {
      const cells = cellsOf(decoder.decode(piece.subarray(start, starts[i + 1] ?? used)), delimiter, Infinity);
      expect(cells.length).toBe(widths[i]);
      rows.push(cells);
    });
    rest = piece.slice(used);
    from = to;
    if (last) break;
  }
  return rows;
}

test("what is written is read, whatever is in it and wherever pieces end", () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const roll = dice(seed);
    const rows = table(roll);
    const delimiter = [",", ";", "\t", "|"][roll(4)] ?? ",";
    const text = serialise(rows, delimiter, ["\n", "\r\n", "\r"][roll(3)] ?? "\n", roll, roll(2) === 0);
    const bytes = encoder.encode(text);
    const cuts = Array.from({ length: roll(6) }, () => roll(bytes.length + 1)).sort((a, b) => a - b).filter((at) => at < bytes.length);
    // A line of nothing is no record, so a row of one unquoted empty cell is never written.
    expect(parse(bytes, delimiter, cuts), `seed ${seed}: ${JSON.stringify(text)}`).toEqual(rows);
  }
});

test("quotes that are not as they should be hide nothing", () => {
  expect(cellsOf('a"b,"c"d,"e""f",""\r\n', ",", Infinity)).toEqual(['a"b', "cd", 'e"f', ""]);
  expect(cellsOf('a,"never closed\n', ",", Infinity)).toEqual(["a", "never closed\n"]);
  expect(recordsIn(encoder.encode('a,"never\nclosed'), 44, true)).toMatchObject({ used: 15, open: true });
  expect(cellsOf("a,b,c,d", ",", 2)).toEqual(["a", "b"]);
  expect(cellsOf("", ",", 2)).toEqual([""]);
  expect([...recordsIn(encoder.encode("\n\na\n\r\n\nb"), 44, true).starts]).toEqual([2, 7]);
});

test("the delimiter is the sign that makes rows alike", () => {
  expect(delimiterOf("a;b\n1,5;2\n3,1;4\n")).toBe(";");
  expect(delimiterOf("a\tb,c\n1\t2\n3\t4")).toBe("\t");
  expect(delimiterOf('"x,y"|2\n"z,w"|3')).toBe("|");
  expect(delimiterOf("one column\nno sign")).toBe(",");
  expect(delimiterOf("")).toBe(",");
});

test("a comma within numbers delimits nothing", () => {
  expect(delimiterOf("1,5;2,5\n3,1;4,0\n")).toBe(";");
  expect(delimiterOf('"1,5";"2,5"\n"3,1";"4,0"')).toBe(";");
  expect(delimiterOf("Müller, Eva;1,5\nMaier, Udo;-1.234,5\n")).toBe(";");
  expect(delimiterOf("price, EUR;name\n1,5;a\n2,5;b\n")).toBe(";");
  expect(delimiterOf("1,5\t2,5\n3,1\t4,0\n")).toBe("\t");
  expect(delimiterOf("1,5;2,5")).toBe(";");
  // Lists in cells, and a table of one column.
  expect(delimiterOf("a,x;y\nb,z;w\n")).toBe(",");
  expect(delimiterOf("id,classes\n0,1;2\n1,3;4\n")).toBe(",");
  expect(delimiterOf("1,5\n2,5\n")).toBe(",");
});

test("a header is text above something", () => {
  expect(headed([["id", "name"], ["1", "Ada"]])).toBe(true);
  expect(headed([["1", "Ada"], ["2", "Emmy"]])).toBe(false);
  expect(headed([["", "loss"], ["0", "0.5"]])).toBe(true);
  expect(headed([["name", "city"], ["Ada", "London"]])).toBe(true);
  expect(headed([["yes", "no"], ["yes", "no"]])).toBe(false);
  expect(headed([["a", "a"], ["1", "2"]])).toBe(false);
  expect(headed([["1,5", "2,5"], ["3,1", "4,0"]])).toBe(false);
  expect(headed([["a", "b"], ["3,1", "-1.234,5"]])).toBe(true);
  expect(headed([])).toBe(false);
});

test("the kind of a column is what all of it is", () => {
  expect(kindOf(["1", "-2.5e3", "", "nan"])).toBe("number");
  expect(kindOf(["1,5", "-.5", "+,5e-3", "1.234.567,8"])).toBe("number");
  expect(kindOf(["1", "x"])).toBe("text");
  expect(kindOf(["1,2,3"])).toBe("text");
  expect(kindOf(["2026-01-02", "2026-01-02T03:04:05Z"])).toBe("date");
  expect(kindOf(["true", "False"])).toBe("true or false");
  expect(kindOf(["", " "])).toBe("empty");
});

test("a long cell is looked at in no time", { timeout: 5_000 }, () => {
  expect(kindOf([`${"1".repeat(1_000_000)}x`])).toBe("text");
});
