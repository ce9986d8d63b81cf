import { gzipSync } from "node:zlib";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { lying, parquet } from "../../browser/parquet";
import { checked } from "./footer";
import { Parquet } from "./parquet";

/** Opens a file that is in memory, and tells which ranges are read of it. */
async function open(file: Uint8Array<ArrayBuffer>, length = file.length): Promise<{ it: Parquet; ranges: [number, number][] }> {
  const ranges: [number, number][] = [];
  const it = await Parquet.open(length, (from, to) => {
    ranges.push([from, to]);
    const before = length - file.length; // what is not there is not asked for
    return Promise.resolve(file.slice(from - before, to - before));
  });
  return { it, ranges };
}

const rows = 2500;
const each = <T>(make: (i: number) => T): T[] => Array.from({ length: rows }, (_, i) => make(i));
const columns = (): ColumnSource[] => [
  { name: "id", data: each((i) => i), type: "INT32", nullable: false },
  { name: "big", data: each((i) => BigInt(i) * 10n ** 15n), type: "INT64" },
  { name: "word", data: each((i) => (i % 3 === 0 ? null : i % 3 === 1 ? "" : `word ${i}`)), type: "STRING" },
  { name: "when", data: each((i) => new Date(1_700_000_000_000 + i)), type: "TIMESTAMP" },
  { name: "raw", data: each((i) => Uint8Array.of(255, i % 256)), type: "BYTE_ARRAY" },
  { name: "nested", data: each((i) => ({ a: i, list: [1, null, "x"] })), type: "JSON" },
];

test("rows come as they were written, null apart from empty, of the columns and groups that are asked for", async () => {
  const { it, ranges } = await open(parquet(columns(), 1000));
  expect(it.footer).toMatchObject({ rows, createdBy: "granary tests", groups: [{ first: 0, rows: 1000 }, { first: 1000, rows: 1000 }, { first: 2000, rows: 500 }] });
  expect(it.footer.fields.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
    ["id", "int32", false], ["big", "int64", true], ["word", "string", true], ["when", "timestamp[ms]", true], ["raw", "bytes", true], ["nested", "json", true],
  ]);
  const before = ranges.length;
  expect(await it.rows(1, 0, 3, [0, 2])).toEqual([["1000", ""], ["1001", "word 1001"], ["1002", null]]);
  const chunks = it.footer.groups[1]?.chunks;
  const asked = ranges.slice(before).reduce((n, [from, to]) => n + to - from, 0);
  const both = [0, 2].flatMap((column) => chunks?.[column] ?? []).reduce((n, { from, to }) => n + to - from, 0);
  expect(asked).toBeLessThan(both + 8192 + 1);
  expect(await it.rows(2, 499, 500, [1, 3, 4, 5])).toEqual([["2499000000000000000", "2023-11-14 22:13:22.499", "0xffc3 (2 bytes)", '{"a":2499,"list":[1,null,"x"]}']]);
  expect(await it.cell(0, 2, 2)).toBe("word 2");
});

test("decimals have the digits that were written, whatever stores them", async () => {
  const decimal = (name: string, type: "INT32" | "INT64" | "FIXED_LEN_BYTE_ARRAY", precision: number, scale: number, length?: number) =>
    ({ name, type, repetition_type: "OPTIONAL" as const, converted_type: "DECIMAL" as const, precision, scale, ...(length === undefined ? {} : { type_length: length }) });
  const file = new Uint8Array(parquetWriteBuffer({
    schema: [{ name: "root", num_children: 4 }, decimal("price", "INT32", 9, 2), decimal("sum", "INT64", 18, 4), decimal("spark", "FIXED_LEN_BYTE_ARRAY", 38, 18, 16), decimal("count", "INT64", 18, 0)],
    columnData: [
      { name: "price", data: [110n, -5n, null] },
      { name: "sum", data: [999_999_999_999_999_999n, -1n, null] },
      { name: "spark", data: [10n ** 17n, -(10n ** 37n) - 1n, null] },
      { name: "count", data: [12n, -999_999_999_999_999_999n, null] },
    ],
  }));
  const { it } = await open(file);
  expect(it.footer.fields.map(({ type }) => type)).toEqual(["decimal(9, 2)", "decimal(18, 4)", "decimal(38, 18)", "decimal(18, 0)"]);
  expect(await it.rows(0, 0, 3, [0, 1, 2, 3])).toEqual([
    ["1.10", "99999999999999.9999", "0.100000000000000000", "12"],
    ["-0.05", "-0.0001", "-10000000000000000000.000000000000000001", "-999999999999999999"],
    [null, null, null, null],
  ]);
});

test("numbers in single precision have no digits that nobody wrote", async () => {
  const file = new Uint8Array(parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 3 }, { name: "f", type: "FLOAT", repetition_type: "OPTIONAL" }, { name: "d", type: "DOUBLE", repetition_type: "OPTIONAL" },
      { name: "v", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" }, { name: "list", repetition_type: "REPEATED", num_children: 1 }, { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
    ],
    columnData: [
      { name: "f", data: [0.1, 16_777_217 + 1, 1e-45, 3.4028234663852886e38, NaN, -Infinity, 0.123456789, null] },
      { name: "d", data: [Math.fround(0.1), 1, 1, 1, 1, 1, 1, 1] },
      { name: "v", data: [[0.1, null], [], null, [-2.5e-7], [], [], [], []] },
    ],
  }));
  const { it } = await open(file);
  expect((await it.rows(0, 0, 8, [0, 1, 2])).map((row) => row[0])).toEqual(["0.1", "16777218", "1e-45", "3.4028235e+38", "NaN", "-Infinity", "0.12345679", null]);
  expect((await it.rows(0, 0, 4, [1, 2]))).toEqual([["0.10000000149011612", "[0.1, null]"], ["1", "[]"], ["1", null], ["1", "[-2.5e-7]"]]);
});

test("times of day are shown as such", async () => {
  const time = (name: string, type: "INT32" | "INT64", unit: "MILLIS" | "MICROS" | "NANOS") => ({ name, type, repetition_type: "OPTIONAL" as const, logical_type: { type: "TIME" as const, isAdjustedToUTC: false, unit } });
  const file = new Uint8Array(parquetWriteBuffer({
    schema: [{ name: "root", num_children: 4 }, time("ms", "INT32", "MILLIS"), time("us", "INT64", "MICROS"), time("ns", "INT64", "NANOS"), { name: "old", type: "INT64", repetition_type: "OPTIONAL", converted_type: "TIME_MICROS" }],
    columnData: [
      { name: "ms", data: [86_399_999, 0, null] },
      { name: "us", data: [86_399_999_999n, 86_400_000_000n, null] },
      { name: "ns", data: [1n, -1n, null] },
      { name: "old", data: [1_000_000n, 0n, null] },
    ],
  }));
  const { it } = await open(file);
  expect(await it.rows(0, 0, 3, [0, 1, 2, 3])).toEqual([
    ["23:59:59.999", "23:59:59.999999", "00:00:00.000000001", "00:00:01"],
    ["00:00:00", "86400000000", "-1", "00:00:00"],
    [null, null, null, null],
  ]);
});

/** A file that is given as base64. */
const given = (text: string) => open(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));

test("decimals and times within lists, structs and maps have the digits that were written", async () => {
  // pyarrow.parquet.write_table(table, …, compression="none", store_schema=False, write_statistics=False, use_dictionary=False, store_decimal_as_integer=True)
  const { it } = await given("UEFSMRUAFSoVKiwVChUAFQYVBhwAAAACAAAAAwYDAAAAA3sAbgAAACMAAAAVABUeFR4sFQYVABUGFQYcAAAAAwAAAAMSAPn/////////FQAVPBU8LBUGFQAVBhUGHAAAAAIAAAAGAAQAAAADRAAAAAAAAAAAAp1Ctk52cUJEyxUAFSQVJCwVBhUAFQYVBhwAAAACAAAABgADAAAAAwYAAQAAAGsVABUiFSIsFQYVABUGFQYcAAAAAgAAAAYAAwAAAAMHAB0AAAAVABUiFSIsFQYVABUGFQYcAAAAAgAAAAYAAwAAAAMGAAUAAAAVABUiFSIsFQYVABUGFQYcAAAAAgAAAAYAAwAAAAMHAAMAAAAVABUiFSIsFQYVABUGFQYcAAAAAgAAAAYAAwAAAAMHAPjOOAAVBBn8FDUAGAZzY2hlbWEVCgA1AhgBbBUCFQZMPAAAADUEGARsaXN0FQIAFQIlAhgHZWxlbWVudCUKFQQVEixcFQQVEgAAADUCGAFzFQQAFQQlAhgBYSUKFQQVJCxcFQQVJAAAADUCGAFiFQIVBkw8AAAANQQYBGxpc3QVAgAVDhUgFQIYB2VsZW1lbnQlChUGFUwsXBUGFUwAAAA1AhgBbRUCFQJMLAAAADUEGAlrZXlfdmFsdWUVBAAVDCUAGANrZXklAEwcAAAAFQIlAhgFdmFsdWUlChUEFQgsXBUEFQgAAAA1AhgBaxUCFQJMLAAAADUEGAlrZXlfdmFsdWUVBAAVAiUAGANrZXklChUCFQgsXBUCFQgAAAAVAiUCGAV2YWx1ZSUKFQIVCCxcFQIVCAAAADUCGAF0FQIVBkw8AAAANQQYBGxpc3QVAgAVAiUCGAdlbGVtZW50bHwSHBwAAAAAABYGGRwZjCYAHBUCGSUGABk4AWwEbGlzdAdlbGVtZW50FQAWChZQFlAmCEkcFQAVABUCADwpJgYEGUYCAgIEAAAAJgAcFQQZJQYAGSgBcwFhFQAWBhZEFkQmWEkcFQAVABUCADwpBhk2AgICAAAAJgAcFQ4ZJQYAGUgBcwFiBGxpc3QHZWxlbWVudBUAFgYWYhZiJpwBSRwVABUAFQIAPCkmBgAZVgICAAACAAAAJgAcFQwZJQYAGTgBbQlrZXlfdmFsdWUDa2V5FQAWBhZKFkom/gFJHBUAFQAVAgA8FgIZJgYAGTYCAgIAAAAmABwVAhklBgAZOAFtCWtleV92YWx1ZQV2YWx1ZRUAFgYWSBZIJsgCSRwVABUAFQIAPCkmBgAZRgICAAIAAAAmABwVAhklBgAZOAFrCWtleV92YWx1ZQNrZXkVABYGFkgWSCaQA0kcFQAVABUCADwpJgYAGTYCAgIAAAAmABwVAhklBgAZOAFrCWtleV92YWx1ZQV2YWx1ZRUAFgYWSBZIJtgDSRwVABUAFQIAPCkmBgAZRgICAAIAAAAmABwVAhklBgAZOAF0BGxpc3QHZWxlbWVudBUAFgYWSBZIJqAESRwVABUAFQIAPCkmBgAZRgICAAIAAAAW4AQWBiYIFuAEACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZjBwAABwAABwAABwAABwAABwAABwAABwAAACNAwAAUEFSMQ==");
  expect(it.footer.fields.map(({ name, type }) => [name, type])).toEqual([["l", "list"], ["s", "struct"], ["m", "map"], ["k", "map"], ["t", "list"]]);
  expect(await it.rows(0, 0, 3, [0, 1, 2, 3, 4])).toEqual([
    ["[1.10, null, 0.35]", '{"a": -0.07, "b": [12345678901234567890.123]}', '{"k": 0.29}', '{"0.5": 0.3}', '["01:02:03"]'],
    ["[]", null, "{}", "{}", "[]"],
    [null, '{"a": null, "b": null}', null, null, null],
  ]);
});

test("numbers of DuckDB that the library would read as others are not shown, and smaller ones are", async () => {
  // COPY (SELECT * FROM (VALUES (3000000000::uinteger, 7::uinteger), (1, 8)) t(u, s)) TO … (FORMAT parquet, PARQUET_VERSION v2)
  const { it } = await given("UEFSMRUAFTgVPCwVBBUKFQYVBgAAHGwCAAAABAGAEAgCgPiCrRb994KtFgAAAAAAAAAAFQAVKBUsLBUEFQoVBhUGAAAUTAIAAAAEAYAQCAIOAgAAAAAAAAAAFQQZPDUAGA1kdWNrZGJfc2NoZW1hFQQAFQIlAhgBdSUaABUCJQIYAXMlGgAWBBkcGSwmABwVAhkVChkYAXUVAhYEFloWXiYIPDYAKAQAXtCyGAQBAAAAEREAGRwVABUKFQIAAAAmABwVAhkVChkYAXMVAhYEFkoWTiZmPDYAKAQIAAAAGAQHAAAAEREAGRwVABUKFQIAAAAWpAEWBCYIFqwBACgoRHVja0RCIHZlcnNpb24gdjIuMC4xIChidWlsZCA4ZDc4MTE0ZTkwKRksHAAAHAAAANYAAABQQVIx");
  expect(it.footer.fields.map(({ name, type, unknown }) => [name, type, unknown?.slice(0, 6)])).toEqual([["u", "uint32", "DuckDB"], ["s", "uint32", undefined]]);
  expect(await it.rows(0, 0, 2, [1])).toEqual([["7"], ["8"]]);
});

test("a column without any value is read, although its dictionary is packed into a byte that unpacks to nothing", async () => {
  // pyarrow.parquet.write_table(pyarrow.table({"s": pyarrow.nulls(2, pyarrow.string())}), …, compression="lz4", store_schema=False, write_statistics=False)
  const { it } = await given("UEFSMRUEFQAVAkwVABUAEgAAABUAFQ4VECwVBBUQFQYVBhwAAABwAgAAAAQAABUEGSw1ABgGc2NoZW1hFQIAFQwlAhgBcyUATBwAAAAWBBkcGRwmABwVDBk1AAYQGRgBcxUOFgQWUBZUJiYmCCksFQQVABUCABUAFRAVAgA8FgAZBhkmBAAAAAAWUBYEJggWVAAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGRwcAAAAjAAAAFBBUjE=");
  expect(it.footer.groups[0]?.chunks[0]?.[0]?.codec).toBe("LZ4_RAW");
  expect(await it.rows(0, 0, 2, [0])).toEqual([[null], [null]]);
});

test("long and nested values are cut, and are whole on demand", async () => {
  const { it } = await open(parquet([{ name: "long", data: ["x".repeat(10_000)], type: "STRING" }], 10));
  expect((await it.rows(0, 0, 1, [0]))[0]?.[0]?.length).toBe(2001);
  expect((await it.cell(0, 0, 0))?.length).toBe(10_000);
});

test("where there is an index, single pages are read of large columns", async () => {
  const noise = Array.from({ length: 60_000 }, (_, i) => `${Math.imul(i + 1, 2654435761) >>> 0}`.repeat(25));
  const file = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: noise, type: "STRING", offsetIndex: true, encoding: "PLAIN" }], rowGroupSize: 60_000, codec: "UNCOMPRESSED", pageSize: 1 << 16 }));
  expect(file.length).toBeGreaterThan(10 << 20);
  const { it, ranges } = await open(file);
  const before = ranges.length;
  expect((await it.rows(0, 40_000, 40_002, [0])).map(([text]) => text)).toEqual(noise.slice(40_000, 40_002));
  expect(ranges.slice(before).reduce((n, [from, to]) => n + to - from, 0)).toBeLessThan(400_000);
});

describe("a footer that lies is refused in words", () => {
  const honest = () => parquet(columns(), 1000);
  const cases: [string, (footer: Parameters<Parameters<typeof lying>[1]>[0]) => void, RegExp][] = [
    ["rows that no group has", (f) => (f.num_rows = 10n ** 15n), /its footer says 1,000,000,000,000,000 rows, but its row groups have 2,500 rows/],
    ["a group with more rows than values", (f) => f.row_groups[0] && ([f.row_groups[0].num_rows, f.num_rows] = [10n ** 12n, 10n ** 12n + 1500n]), /“id” has 1,000 values/],
    ["an offset behind the end", (f) => f.row_groups[0]?.columns[0]?.meta_data && (f.row_groups[0].columns[0].meta_data.data_page_offset = 10n ** 12n), /The file ends at|ends at/],
    ["a length that is none", (f) => f.row_groups[0]?.columns[0]?.meta_data && (f.row_groups[0].columns[0].meta_data.total_compressed_size = -5n), /which is impossible/],
    ["columns in another file", (f) => f.row_groups[0]?.columns[0] && (f.row_groups[0].columns[0].file_path = "/etc/passwd"), /in another file/],
    ["more schema than a tree", (f) => f.schema[0] && (f.schema[0].num_children = 2), /superfluous elements/],
    ["deep nesting", (f) => {
      const [root, leaf] = f.schema;
      if (root === undefined || leaf === undefined) throw new Error("no schema");
      f.schema = [{ ...root, num_children: 1 }, ...Array.from({ length: 3000 }, (_, i) => ({ name: `n${i}`, num_children: 1, repetition_type: "OPTIONAL" as const })), leaf];
      f.row_groups = [];
    }, /the limit is 40 levels/],
    ["a giant schema", (f) => {
      const [root, leaf] = f.schema;
      if (root === undefined || leaf === undefined) throw new Error("no schema");
      f.schema = [{ ...root, num_children: 40_000 }, ...Array.from({ length: 40_000 }, (_, i) => ({ ...leaf, name: `c${i}` }))];
      f.row_groups = [];
    }, /40,001 elements/],
    ["a column twice", (f) => f.schema[1] && f.schema[2] && (f.schema[2].name = f.schema[1].name), /two columns have the name “id”/],
  ];
  test.each(cases)("%s", async (_, lie, words) => {
    await expect(open(lying(honest(), (footer) => void lie(footer)))).rejects.toThrow(words);
  });

  test("a schema that ends before its tree", () => {
    const footer = parquetMetadata(honest(), { geoparquet: false });
    const [root] = footer.schema;
    if (root === undefined) throw new Error("no schema");
    root.num_children = 7;
    expect(() => checked(footer, 1 << 20)).toThrow("This file is damaged: its schema is incomplete.");
    root.num_children = 700;
    expect(() => checked(footer, 1 << 20)).toThrow("This file is damaged: its footer gives a number of columns as 700, which is impossible.");
  });

  test("what is no Parquet file, or not all of one", async () => {
    const file = honest();
    await expect(open(file.slice(0, -1))).rejects.toThrow("This is not a Parquet file");
    await expect(open(new Uint8Array(5))).rejects.toThrow("too short");
    const long = file.slice();
    new DataView(long.buffer).setUint32(long.length - 8, 0xfffffff0, true);
    await expect(open(long)).rejects.toThrow("footer is");
    await expect(open(long, 2 ** 33)).rejects.toThrow("the limit is 16.0 MiB");
    const locked = file.slice();
    locked.set(new TextEncoder().encode("PARE"), file.length - 4);
    await expect(open(locked)).rejects.toThrow("encrypted");
  });

  test("a column that ends before its rows do", async () => {
    const { it } = await open(lying(parquet([{ name: "id", data: [1, 2, 3], type: "INT32", nullable: false }], 10), (f) => {
      f.num_rows = 1000n;
      for (const group of f.row_groups) {
        group.num_rows = 1000n;
        for (const { meta_data } of group.columns) if (meta_data !== undefined) meta_data.num_values = 1000n;
      }
    }));
    await expect(it.rows(0, 0, 500, [0])).rejects.toThrow("has fewer rows than the footer says");
  });
});

test("what unpacks to too much is refused before room is made for it", async () => {
  // 80 MiB of zeros, packed by gzip into 80 kB; then the same in pages of 8 MiB, 400 MiB in all.
  const zeros = (values: number, pageSize: number) =>
    new Uint8Array(parquetWriteBuffer({
      columnData: [{ name: "z", data: new BigInt64Array(values), type: "INT64", nullable: false, encoding: "PLAIN" }],
      rowGroupSize: values, codec: "GZIP", compressors: { GZIP: (input) => new Uint8Array(gzipSync(input)) }, pageSize,
    }));
  const one = await open(zeros((80 << 20) / 8, 1 << 30));
  await expect(one.it.rows(0, 0, 10, [0])).rejects.toThrow("A page of this file is too large: it has 80.0 MiB uncompressed, and the limit is 64.0 MiB.");
});

test("files with broken bytes are read or refused, and soon", async () => {
  const file = parquet(columns(), 1000);
  let state = 7;
  const roll = (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
  let refused = 0;
  for (let i = 0; i < 400; i++) {
    const broken = file.slice();
    const footer = i % 2 === 0;
    for (let n = 0; n <= roll(4); n++) broken[footer ? file.length - 8 - roll(2000) : roll(file.length - 8)] = roll(256);
    const begin = performance.now();
    try {
      const { it } = await open(broken);
      await it.rows(0, 0, 500, [0, 1, 2, 3, 4, 5]);
    } catch (e) {
      refused++;
      expect((e as Error).name, `${i}: ${String((e as Error).stack)}`).toBe("Unreadable");
    }
    expect(performance.now() - begin, `${i}`).toBeLessThan(15_000);
  }
  expect(refused).toBeGreaterThan(100);
}, 60_000);
