import { exact, type Exact } from "./read";

/** A JSON value. */
export type Value = null | boolean | number | string | Exact | Value[] | { [name: string]: Value };

/** The path of a value: keys and indexes, from the outermost on. */
export type Way = readonly (string | number)[];

/** A visible line of a tree. It is the value at a place, counted from 1, of so many in its parent; the line for those that are not shown yet has the place of the first. */
export type Row = { place: number; of: number } & (
  | { kind: "value"; id: string; way: Way; name: string | number | undefined; value: Value; parts: number | undefined; open: boolean }
  | { kind: "more"; id: string; way: Way; rest: number }
);

/** The id of a path, by which the state of the tree is kept. */
export function idOf(way: Way): string {
  return JSON.stringify(way);
}

/** How many children of a value are shown at first, and how many more each time. */
export const handful = 500;

const deepest = 300; // levels that are searched, since the cost of a path grows with its depth

/** The number of children of a value; undefined if it is a leaf. */
export function partsOf(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value === null || typeof value !== "object" || exact(value)) return undefined;
  return Object.keys(value).length;
}

/** The child of a value with a key or an index. */
function partOf(value: Value, name: string | number): Value | undefined {
  if (Array.isArray(value)) return typeof name === "number" ? value[name] : undefined;
  if (value === null || typeof value !== "object" || exact(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name];
}

/** The keys of an object; undefined for arrays and leaves. */
function namesOf(value: Value): readonly string[] | undefined {
  return value === null || typeof value !== "object" || Array.isArray(value) || exact(value) ? undefined : Object.keys(value);
}

/** The visible lines of a tree. open has the number of shown children of each expanded value. */
export function rowsOf(root: Value, open: ReadonlyMap<string, number>): Row[] {
  const rows: Row[] = [];
  const add = (value: Value, way: Way, place: number, of: number) => {
    const id = idOf(way);
    const parts = partsOf(value);
    const shown = open.get(id);
    rows.push({ kind: "value", id, way, name: way.at(-1), value, parts, open: shown !== undefined, place, of });
    if (parts === undefined || shown === undefined) return;
    const names = namesOf(value);
    for (let i = 0; i < Math.min(parts, shown); i++) {
      const name = names === undefined ? i : (names[i] ?? "");
      const part = partOf(value, name);
      if (part !== undefined) add(part, [...way, name], i + 1, parts);
    }
    if (parts > shown) rows.push({ kind: "more", id: `${id}+`, way, rest: parts - shown, place: shown + 1, of: parts });
  };
  add(root, [], 1, 1);
  return rows;
}

/** A value in one line, shortened if it is long. */
export function inShort(value: Value, longest = 200): string {
  if (exact(value)) return value.digits;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "[…]";
  if (value !== null && typeof value === "object") return Object.keys(value).length === 0 ? "{}" : "{…}";
  if (typeof value === "string") return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
  return String(value);
}

/** A path in the notation of jq, such as .runs[3].loss */
export function written(way: Way): string {
  if (way.length === 0) return ".";
  const text = way.map((name) => (typeof name === "number" ? `[${name}]` : /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)).join("");
  return text.startsWith("[") ? `.${text}` : text;
}

/** Finds values whose key or text contains the wanted text, in order. The number of results, values searched and levels is limited. */
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

/** Whether a text contains the wanted text, ignoring case; false if nothing is wanted. */
export function holds(text: string, wanted: string): boolean {
  return wanted !== "" && text.toLowerCase().includes(wanted.toLowerCase());
}

/** The text of a leaf. */
export function textOf(value: Value): string {
  return typeof value === "string" ? value : exact(value) ? value.digits : String(value);
}

/** The expanded values that are needed to show a value. */
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
