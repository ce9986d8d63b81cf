/** A column of a table. */
export interface Column {
  name: string;
  /** What its cells are, in a word or two. */
  type: string;
  /** Its cells are read best when they end at the same place. */
  right: boolean;
}

/** What a cell holds, as text; null: it says that there is nothing; undefined: the row has no such cell. */
export type Cell = string | null | undefined;

/** A table that is read while somebody looks at it. Rows count from 0 here, and from 1 wherever people see their numbers. */
export interface Rows {
  /** Calls changed whenever something of it changes, until what is returned is called. */
  subscribe: (changed: () => void) => () => void;
  /** A number that is another after each change. */
  version: () => number;
  readonly columns: readonly Column[];
  /** The first row that can be scrolled to, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** The cells of a row, by the places of their columns; undefined: they are not here yet. Long ones are cut. */
  row: (index: number) => readonly Cell[] | undefined;
  /** Says which rows are looked at, and which columns of them. */
  want: (from: number, to: number, columns: readonly number[]) => void;
  /** A cell in full. */
  whole: (row: number, column: number) => Promise<Cell>;
}

/** The most rows that one scrolls over: 28 pixels each, browsers draw no elements of more than about 17 million. */
export const mostRows = 500_000;

/** The most characters of a cell that are drawn in a row. */
export const cellShown = 400;

/** Columns by their places, as an address has them: "1-3,7" for the first three and the seventh. */
export function placesOf(columns: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < columns.length; i++) {
    const from = columns[i] ?? 0;
    while (columns[i + 1] === (columns[i] ?? 0) + 1) i++;
    const to = columns[i] ?? 0;
    parts.push(from === to ? `${from + 1}` : `${from + 1}-${to + 1}`);
  }
  return parts.join(",");
}

/** The columns that an address names, of count; undefined: it names none that there are. */
export function columnsAt(places: string, count: number): number[] | undefined {
  const found = new Set<number>();
  for (const part of places.split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    if (match === null) continue;
    for (let at = Number(match[1]); at <= Math.min(count, Number(match[2] ?? match[1])); at++) if (at > 0) found.add(at - 1);
  }
  return found.size === 0 ? undefined : [...found].sort((a, b) => a - b);
}
