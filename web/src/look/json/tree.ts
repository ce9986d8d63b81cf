import { exact, type Exact } from "./read";

/** A value of a JSON text. */
export type Value = null | boolean | number | string | Exact | Value[] | { [name: string]: Value };

/** Where in a text a value stands: names and places, from the outermost on. */
export type Way = readonly (string | number)[];

/** A line of an opened tree. */
export type Row =
  | { kind: "value"; id: string; way: Way; name: string | number | undefined; value: Value; parts: number | undefined; open: boolean }
  | { kind: "more"; id: string; way: Way; rest: number };

/** How a way is called where what is open, or how much of it, is kept. */
export function idOf(way: Way): string {
  return JSON.stringify(way);
}

/** How many children are shown of one value at first, and more each time. */
export const handful = 500;

const deepest = 300; // levels that are looked into: what a way costs grows with each

/** How many parts a value has; undefined: it is none that opens. */
export function partsOf(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value === null || typeof value !== "object" || exact(value)) return undefined;
  return Object.keys(value).length;
}

/** The part of a value by its name or place. */
export function partOf(value: Value, name: string | number): Value | undefined {
  if (Array.isArray(value)) return typeof name === "number" ? value[name] : undefined;
  if (value === null || typeof value !== "object" || exact(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name];
}

/** The names of an object's parts; undefined of an array, whose parts have places, and of what has none. */
function namesOf(value: Value): readonly string[] | undefined {
  return value === null || typeof value !== "object" || Array.isArray(value) || exact(value) ? undefined : Object.keys(value);
}

/** The lines of a tree of which some values are open, with how many children of each are shown. */
export function rowsOf(root: Value, open: ReadonlyMap<string, number>): Row[] {
  const rows: Row[] = [];
  const add = (value: Value, way: Way) => {
    const id = idOf(way);
    const parts = partsOf(value);
    const shown = open.get(id);
    rows.push({ kind: "value", id, way, name: way.at(-1), value, parts, open: shown !== undefined });
    if (parts === undefined || shown === undefined) return;
    const names = namesOf(value);
    for (let i = 0; i < Math.min(parts, shown); i++) {
      const name = names === undefined ? i : (names[i] ?? "");
      const part = partOf(value, name);
      if (part !== undefined) add(part, [...way, name]);
    }
    if (parts > shown) rows.push({ kind: "more", id: `${id}+`, way, rest: parts - shown });
  };
  add(root, []);
  return rows;
}

/** A value in one line, cut where it is long. */
export function inShort(value: Value, longest = 200): string {
  if (exact(value)) return value.digits;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "[…]";
  if (value !== null && typeof value === "object") return Object.keys(value).length === 0 ? "{}" : "{…}";
  if (typeof value === "string") return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
  return String(value);
}

/** A way as jq and most people write it: .runs[3].loss */
export function written(way: Way): string {
  if (way.length === 0) return ".";
  const text = way.map((name) => (typeof name === "number" ? `[${name}]` : /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)).join("");
  return text.startsWith("[") ? `.${text}` : text;
}

/** Finds the values whose name, or text, holds what is looked for, in the order of the text: at most so many, among a bounded number of values and levels. */
export function find(root: Value, wanted: string, most: number): Way[] {
  const found: Way[] = [];
  const next: [value: Value, way: Way][] = [[root, []]];
  for (let left = 2_000_000, at = next.pop(); at !== undefined && left > 0 && found.length < most; at = next.pop(), left--) {
    const [value, way] = at;
    const name = way.at(-1);
    const parts = partsOf(value);
    if ((typeof name === "string" && holds(name, wanted)) || (parts === undefined && holds(textOf(value), wanted))) found.push(way);
    if (parts === undefined || way.length >= deepest) continue;
    const names = namesOf(value);
    for (let i = parts - 1; i >= 0; i--) {
      const part = names === undefined ? i : (names[i] ?? "");
      const inner = partOf(value, part);
      if (inner !== undefined) next.push([inner, [...way, part]]);
    }
  }
  return found;
}

/** Whether a text holds what is looked for, in letters of any size; nothing is in none. */
export function holds(text: string, wanted: string): boolean {
  return wanted !== "" && text.toLowerCase().includes(wanted.toLowerCase());
}

/** The text of a value without parts. */
export function textOf(value: Value): string {
  return typeof value === "string" ? value : exact(value) ? value.digits : String(value);
}

/** What has to be open so that a value is seen. */
export function openedFor(root: Value, way: Way, open: ReadonlyMap<string, number>): Map<string, number> {
  const opened = new Map(open);
  let value: Value | undefined = root;
  for (let i = 0; i < way.length && value !== undefined; i++) {
    const name: string | number = way[i] ?? 0;
    const place = typeof name === "number" ? name : (namesOf(value)?.indexOf(name) ?? 0);
    const id = idOf(way.slice(0, i));
    opened.set(id, Math.max(opened.get(id) ?? handful, (Math.floor(place / handful) + 1) * handful));
    value = partOf(value, name);
  }
  return opened;
}
