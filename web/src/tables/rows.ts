/** A column of a table. */
export interface Column {
  name: string;
  /** Its type, in a word or two. */
  type: string;
  /** Whether its cells are aligned to the right. */
  right: boolean;
}

/** The value of a cell as text; null for a null value, undefined if the row has no such cell. */
export type Cell = string | null | undefined;

/** A table that is read as far as it is viewed. Rows are numbered from 0 here, and from 1 in the user interface. */
export interface Rows {
  /** Calls changed after each change. It returns a function that ends that. */
  subscribe: (changed: () => void) => () => void;
  /** A number that changes with each change of the table. */
  version: () => number;
  readonly columns: readonly Column[];
  /** The first row that can be scrolled to, and the row after the last one. */
  readonly first: number;
  readonly end: number;
  /** The cells of a row, by column; undefined while they are not loaded. Long ones are cut. */
  row: (index: number) => readonly Cell[] | undefined;
  /** Says which rows and columns are in view. */
  want: (from: number, to: number, columns: readonly number[]) => void;
  /** The full value of a cell. */
  whole: (row: number, column: number) => Promise<Cell>;
}

/** The most rows to scroll over. They take 28 pixels each, and browsers cannot draw elements higher than about 17 million pixels. */
export const mostRows = 500_000;

/** The most characters of a cell that are shown in a row. */
export const cellShown = 400;

/** The text in the address for a choice of columns, such as "1-3,7" for the first three and the seventh. */
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

/** The columns, of count, that such a text selects; undefined if it selects none. */
export function columnsAt(places: string, count: number): number[] | undefined {
  const found = new Set<number>();
  for (const part of places.split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    if (match === null) continue;
    for (let at = Number(match[1]); at <= Math.min(count, Number(match[2] ?? match[1])); at++) if (at > 0) found.add(at - 1);
  }
  return found.size === 0 ? undefined : [...found].sort((a, b) => a - b);
}
