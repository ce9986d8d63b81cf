import { parquetSchema, type SchemaElement, type SchemaTree } from "hyparquet";
import { isListLike, isMapLike } from "hyparquet/src/schema.js";
import type { Meaning } from "./values";

/** What the values of each top-level column stand for. The schema must be a tree. */
export function meaningsIn(schema: readonly SchemaElement[]): Meaning[] {
  return columnsOf(schema).map((column) => meaningOf(column));
}

/**
 * A schema in which decimal numbers are integers or bytes, of which meanings have the scale. The library would make doubles of them, in which 0.1 with 18 places
 * is 0.100000000000000006. Those that no meaning leads to, as in the keys of maps, stay what they are.
 */
export function withoutDecimals(schema: readonly SchemaElement[]): SchemaElement[] {
  const exact = new Set<SchemaElement>();
  for (const column of columnsOf(schema)) meaningOf(column, exact);
  return schema.map((element) => {
    if (!exact.has(element)) return element;
    const { converted_type: _, logical_type: __, ...plain } = element;
    return plain;
  });
}

function columnsOf(schema: readonly SchemaElement[]): SchemaTree[] {
  return parquetSchema({ schema: [...schema] }).children;
}

/** What the values of a part of the schema stand for; of a list, what its elements do. Elements that are decimal numbers are added to exact. */
function meaningOf(part: SchemaTree, exact?: Set<SchemaElement>): Meaning {
  const { element, children } = part;
  const [first] = children;
  if (first === undefined) {
    const scale = scaleOf(element);
    if (scale !== undefined) exact?.add(element);
    return { scale, clock: clockOf(element), single: element.type === "FLOAT" };
  }
  // These follow how the library builds values.
  if (element.logical_type?.type === "VARIANT") return {};
  if (isListLike(part)) return meaningOf(first.children.length === 1 ? (first.children[0] ?? first) : first, exact);
  if (!isMapLike(part)) return { members: new Map(children.map((child) => [child.element.name, meaningOf(child, exact)])) };
  const value = first.children.find((child) => child.element.name === "value");
  return value === undefined ? {} : { entries: meaningOf(value, exact) };
}

function scaleOf({ converted_type: converted, logical_type: logical, scale }: SchemaElement): number | undefined {
  if (logical?.type === "DECIMAL") return logical.scale;
  return converted === "DECIMAL" ? (scale ?? 0) : undefined;
}

const digits = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

function clockOf({ converted_type: converted, logical_type: logical }: SchemaElement): number | undefined {
  if (logical?.type === "TIME") return digits[logical.unit];
  return converted === "TIME_MILLIS" ? 3 : converted === "TIME_MICROS" ? 6 : undefined;
}
