import type { ColumnChunk, FileMetaData, SchemaElement } from "hyparquet";
import { count, size } from "../format";
import { meaningsIn } from "./meaning";
import type { Meaning } from "./values";

/** The limits of what is read of a Parquet file. */
export const bounds = {
  /** Bytes of a footer. */
  footer: 16 << 20,
  /** Bytes of the chosen columns in one fetch. */
  fetch: 64 << 20,
  /** Uncompressed bytes of one page, and of one read in total. */
  page: 64 << 20,
  unpacked: 256 << 20,
  columns: 5000,
  groups: 100_000,
  depth: 40,
} as const;

/** The reason why a file cannot be shown, in words. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** The bytes of a column in one row group. */
export interface Chunk {
  from: number;
  to: number;
  codec: string;
  /** Their uncompressed size, according to the footer. */
  unpacked: number;
  /** Whether there is a page index, so that it can be read in parts. */
  indexed: boolean;
}

/** A top-level column of the schema, which may contain nested ones. */
export interface Field {
  name: string;
  type: string;
  nullable: boolean;
  nested: boolean;
  right: boolean;
  /** Why the column cannot be shown, in words; undefined if it can. */
  unknown: string | undefined;
  meaning: Meaning;
}

/** A group of rows that are written together. */
export interface Group {
  first: number;
  rows: number;
  /** The chunks of each field. */
  chunks: readonly (readonly Chunk[])[];
}

/** A footer that has been checked for consistency. */
export interface Footer {
  rows: number;
  createdBy: string;
  version: number;
  fields: readonly Field[];
  /** All elements of the schema, with their depths. */
  schema: readonly { name: string; type: string; nullable: boolean; depth: number }[];
  groups: readonly Group[];
  keys: readonly { key: string; length: number }[];
}

const whole = (n: bigint | number | undefined, what: string, most = Number.MAX_SAFE_INTEGER): number => {
  const number = Number(n ?? 0);
  if (!Number.isInteger(number) || number < 0 || number > most) throw new Unreadable(`This file is damaged: its footer gives ${what} as ${String(n)}, which is impossible.`);
  return number;
};

/** Checks a footer against itself and the length of the file, so that no bytes are requested and no memory is allocated for data that cannot exist. */
export function checked(meta: FileMetaData, length: number): Footer {
  const ends = fieldEnds(meta.schema);
  const meanings = meaningsIn(meta.schema);
  const tops = ends.map(([at]) => meta.schema[at]).filter((element) => element !== undefined);
  const names = tops.map((element) => element.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Unreadable(`This file cannot be shown because two columns have the name “${twice}”.`);
  if (meta.row_groups.length > bounds.groups) throw new Unreadable(`This file has ${count(meta.row_groups.length, "row group")}; the limit is ${bounds.groups.toLocaleString("en")}.`);
  let first = 0;
  const leaves = meta.schema.filter((element) => element.type !== undefined);
  const spoilt = new Set<number>(); // fields
  const groups = meta.row_groups.map((group, g) => {
    const rows = whole(group.num_rows, `the number of rows of row group ${g + 1}`);
    const chunks: Chunk[][] = tops.map(() => []);
    for (const [c, column] of group.columns.entries()) {
      const field = names.indexOf(column.meta_data?.path_in_schema[0] ?? "");
      if (field < 0) throw new Unreadable(`This file is damaged: row group ${g + 1} has a column that is not in the schema.`);
      chunks[field]?.push(chunkOf(column, length, g));
      if (spoiltBy(meta.created_by ?? "", leaves[c], column)) spoilt.add(field);
      const flat = (ends[field]?.[1] ?? 0) - (ends[field]?.[0] ?? 0) === 1 && tops[field]?.repetition_type !== "REPEATED";
      const values = whole(column.meta_data?.num_values, "a number of values");
      if (flat && values !== rows) {
        throw new Unreadable(`This file is damaged: row group ${g + 1} has ${count(rows, "row")}, but its column “${names[field] ?? ""}” has ${count(values, "value")}.`);
      }
    }
    const missing = chunks.findIndex((found) => found.length === 0);
    if (missing >= 0 && rows > 0) throw new Unreadable(`This file is damaged: row group ${g + 1} lacks the column “${names[missing] ?? ""}”.`);
    const it = { first, rows, chunks };
    first += rows;
    return it;
  });
  const rows = whole(meta.num_rows, "the number of rows");
  if (rows !== first) throw new Unreadable(`This file is damaged: its footer says ${count(rows, "row")}, but its row groups have ${count(first, "row")}.`);
  return {
    rows,
    createdBy: meta.created_by ?? "",
    version: meta.version,
    fields: tops.map((element, i) => {
      const field = fieldOf(element, meta.schema.slice(...(ends[i] ?? [0, 0])), meanings[i] ?? {});
      return spoilt.has(i) ? { ...field, unknown: "DuckDB stores numbers of this type from 2,147,483,648 on in a way that is not supported." } : field;
    }),
    schema: schemaOf(meta.schema),
    groups,
    keys: (meta.key_value_metadata ?? []).map(({ key, value }) => ({ key, length: value?.length ?? 0 })),
  };
}

/** Where each top-level column begins and ends among the elements. It throws if these do not form a tree, or exceed the limits. */
function fieldEnds(schema: readonly SchemaElement[]): [from: number, to: number][] {
  if (schema.length > bounds.columns * 3) throw new Unreadable(`The schema of this file has ${count(schema.length, "element")}; the limit is ${(bounds.columns * 3).toLocaleString("en")}.`);
  const open: number[] = []; // the number of remaining children at each depth
  const ends: [number, number][] = [];
  schema.forEach((element, i) => {
    while (open.at(-1) === 0) open.pop();
    if (i > 0) {
      if (open.length === 0) throw new Unreadable("This file is damaged: its schema has superfluous elements.");
      open.push((open.pop() ?? 0) - 1);
      if (open.length === 1) ends.push([i, i + 1]);
      const last = ends.at(-1);
      if (last !== undefined) last[1] = i + 1;
    }
    const children = whole(element.num_children, "a number of columns", schema.length);
    if (i === 0 || children > 0) open.push(children);
    else if (element.type === undefined) throw new Unreadable(`This file is damaged: the column “${element.name}” has no type.`);
    if (open.length > bounds.depth) throw new Unreadable(`The columns of this file are nested too deeply; the limit is ${bounds.depth} levels.`);
  });
  while (open.at(-1) === 0) open.pop();
  if (schema.length === 0 || open.length > 0) throw new Unreadable("This file is damaged: its schema is incomplete.");
  if (ends.length > bounds.columns) throw new Unreadable(`This file has ${count(ends.length, "column")}; the limit is ${bounds.columns.toLocaleString("en")}.`);
  return ends;
}

function schemaOf(schema: readonly SchemaElement[]): Footer["schema"] {
  const open: number[] = [];
  return schema.slice(1).map((element) => {
    while (open.at(-1) === 0) open.pop();
    const depth = open.length;
    if (depth > 0) open.push((open.pop() ?? 0) - 1);
    if ((element.num_children ?? 0) > 0) open.push(element.num_children ?? 0);
    return { name: element.name, type: typeOf(element), nullable: element.repetition_type !== "REQUIRED", depth };
  });
}

function chunkOf(column: ColumnChunk, length: number, group: number): Chunk {
  const about = column.meta_data;
  if (about === undefined) throw new Unreadable("This file is encrypted or lacks column metadata, and cannot be shown.");
  const name = about.path_in_schema.join(".");
  if (column.file_path) throw new Unreadable(`The column “${name}” is stored in another file, “${column.file_path}”, and cannot be shown.`);
  const from = whole(about.dictionary_page_offset || about.data_page_offset, `the offset of “${name}”`);
  const size_ = whole(about.total_compressed_size, `the length of “${name}”`);
  if (from + size_ > length) {
    throw new Unreadable(`This file is damaged or incomplete: “${name}” in row group ${group + 1} is ${size(size_)} long and begins at ${size(from)}, but the file ends at ${size(length)}.`);
  }
  return {
    from,
    to: from + size_,
    codec: about.codec,
    unpacked: whole(about.total_uncompressed_size, `the uncompressed length of “${name}”`),
    indexed: indexed(column, length),
  };
}

/**
 * Whether a column may have numbers that would be shown as others. With parquet_version v2, DuckDB gives the first number of a page of uint32 33 bits, although the
 * format has 32. pyarrow refuses such a file; the library drops the highest bit, and shows the whole page 2,147,483,648 too low.
 */
function spoiltBy(writer: string, element: SchemaElement | undefined, { meta_data: about }: ColumnChunk): boolean {
  if (!writer.startsWith("DuckDB") || element === undefined || about?.encodings.includes("DELTA_BINARY_PACKED") !== true || typeOf(element) !== "uint32") return false;
  const most = about.statistics?.max_value;
  return !(typeof most === "number" && most < 2 ** 31);
}

/** Whether the column has a page index within the file and the limits. */
function indexed(column: ColumnChunk, length: number): boolean {
  const [from, size_] = [Number(column.offset_index_offset ?? 0), column.offset_index_length ?? 0];
  return from > 0 && size_ > 0 && size_ <= bounds.footer && from + size_ <= length;
}

function fieldOf(element: SchemaElement, all: readonly SchemaElement[], meaning: Meaning): Field {
  const nested = all.length > 1 || element.repetition_type === "REPEATED";
  const odd = all.find((one) => one.converted_type === "BSON" || one.converted_type === "INTERVAL" || one.logical_type?.type === "BSON" || one.logical_type?.type === "INTERVAL");
  const type = typeOf(element);
  return {
    name: element.name,
    type: nested && element.repetition_type === "REPEATED" ? `list of ${type}` : type,
    nullable: element.repetition_type !== "REQUIRED",
    nested,
    right: !nested && (/^(u?int|float|double|decimal)/.test(type) || type === "half float"),
    unknown: odd === undefined ? undefined : `The type ${odd.converted_type ?? odd.logical_type?.type ?? ""} is not supported.`,
    meaning,
  };
}

const units = { MILLIS: "ms", MICROS: "µs", NANOS: "ns" } as const;

/** The name of a column's type, as in pyarrow. */
function typeOf(element: SchemaElement): string {
  const { logical_type: logical, converted_type: converted } = element;
  switch (logical?.type) {
    case "DECIMAL":
      return `decimal(${logical.precision}, ${logical.scale})`;
    case "TIMESTAMP":
      return `timestamp[${units[logical.unit]}${logical.isAdjustedToUTC ? ", UTC" : ""}]`;
    case "TIME":
      return `time[${units[logical.unit]}]`;
    case "INTEGER":
      return `${logical.isSigned ? "int" : "uint"}${logical.bitWidth}`;
    case "FLOAT16":
      return "half float";
    case undefined:
      break;
    default:
      return logical?.type.toLowerCase() ?? "";
  }
  if (converted === "UTF8") return "string";
  if (converted === "DECIMAL") return `decimal(${element.precision ?? 0}, ${element.scale ?? 0})`;
  if (converted !== undefined) return converted.toLowerCase().replace("_millis", "[ms]").replace("_micros", "[µs]").replace(/^(u?int)_/, "$1");
  switch (element.type) {
    case undefined:
      return "struct";
    case "BOOLEAN":
      return "true or false";
    case "BYTE_ARRAY":
      return "bytes";
    case "FIXED_LEN_BYTE_ARRAY":
      return `${element.type_length ?? 0} bytes`;
    case "INT96":
      return "timestamp[ns]";
    default:
      return element.type.toLowerCase();
  }
}
