import { bounds, type Footer, type Group } from "./footer";
import type { ParquetFile } from "./parquetFile";
import { cellShown, mostRows, type Cell, type Column, type Rows } from "./rows";

const step = 500; // rows per read
const kept = 60; // cached steps

/** The reason why rows are not read: the chosen columns of their row group exceed the limit of one fetch. */
export interface Refusal {
  group: number;
  /** Bytes of the chosen columns in that group. */
  bytes: number;
}

/** The bytes of a column in a row group. */
export function bytesOf(group: Group, column: number): number {
  return (group.chunks[column] ?? []).reduce((n, chunk) => n + chunk.to - chunk.from, 0);
}

/** The bytes of columns in a row group that can only be read as a whole. Columns with a page index can be read in parts. */
export function atOnce(group: Group, columns: readonly number[]): number {
  return columns.flatMap((column) => group.chunks[column] ?? []).reduce((n, chunk) => n + (chunk.indexed ? 0 : chunk.to - chunk.from), 0);
}

/** Those of the columns that fit into one fetch together, chosen from the smallest on. */
export function fittingColumns(group: Group, columns: readonly number[]): number[] {
  const bySize = [...columns].sort((a, b) => atOnce(group, [a]) - atOnce(group, [b]));
  let left: number = bounds.fetch;
  return bySize.filter((column) => (left -= atOnce(group, [column])) >= 0).sort((a, b) => a - b);
}

/** A step of rows in a row group, with the cells of the columns that have been read. */
interface Step {
  columns: Set<number>;
  cells: Cell[][];
}

/** The rows of a Parquet file from first on. Only the rows in view and the shown columns are read. */
export class ParquetRows implements Rows {
  readonly columns: readonly Column[];
  readonly first: number;
  readonly end: number;
  /** Why the rows in view are not read, if they are not. */
  refusal: Refusal | undefined;
  failure: unknown;

  readonly #file: ParquetFile;
  readonly #footer: Footer;
  readonly #listeners = new Set<() => void>();
  readonly #steps = new Map<string, Step>();
  #wanted: { from: number; to: number; columns: readonly number[]; key: string } | undefined;
  #reading = false;
  #version = 0;

  constructor(file: ParquetFile, footer: Footer, first: number) {
    this.#file = file;
    this.#footer = footer;
    this.columns = footer.fields.map(({ name, type, right, unknown }) => ({ name, type: unknown === undefined ? type : `${type}(not supported)`, right }));
    this.first = first;
    this.end = Math.min(footer.rows, first + mostRows);
  }

  subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  version = (): number => this.#version;

  want = (from: number, to: number, columns: readonly number[]): void => {
    const known = columns.filter((column) => this.#footer.fields[column]?.unknown === undefined);
    const key = `${from} ${to} ${known.join()}`;
    if (this.#wanted?.key === key) return;
    this.#wanted = { from: Math.max(this.first, from), to: Math.min(this.end, to), columns: known, key };
    this.failure = undefined;
    if (!this.#reading) void this.#read();
  };

  /** Changes the wanted columns, for the same rows. The grid does that itself, but it is not shown while rows are refused. */
  choose(columns: readonly number[]): void {
    if (this.#wanted !== undefined) this.want(this.#wanted.from, this.#wanted.to, columns);
  }

  /** Retries after a failure. */
  again(): void {
    this.failure = undefined;
    if (!this.#reading) void this.#read();
  }

  row = (index: number): readonly Cell[] | undefined => {
    const at = this.#at(index);
    return at === undefined ? undefined : this.#steps.get(at.key)?.cells[index - at.from];
  };

  whole = async (row: number, column: number): Promise<Cell> => {
    const at = this.#at(row);
    if (at === undefined) return undefined;
    const cell = this.#steps.get(at.key)?.cells[row - at.from]?.[column];
    if (cell === null || (typeof cell === "string" && cell.length <= cellShown)) return cell;
    return this.#file.cell(at.group, row - (this.#footer.groups[at.group]?.first ?? 0), column);
  };

  /** The row group of a row, and the step of rows that is read with it. */
  #at(row: number): { key: string; group: number; from: number; to: number } | undefined {
    const { groups } = this.#footer;
    let [low, high] = [0, groups.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((groups[middle]?.first ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const group = groups[low];
    if (group === undefined || row < group.first || row >= group.first + group.rows) return undefined;
    const part = Math.floor((row - group.first) / step);
    const from = group.first + part * step;
    return { key: `${low}/${part}`, group: low, from, to: Math.min(group.first + group.rows, from + step) };
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  /** Reads wanted rows, a step at a time. After each step, it considers what is wanted by then. */
  async #read(): Promise<void> {
    this.#reading = true;
    for (;;) {
      const next = this.#missing();
      if (next === undefined) break;
      try {
        const group = this.#footer.groups[next.group];
        const base = group?.first ?? 0;
        this.#take(next, await this.#file.rows(next.group, next.from - base, next.to - base, next.columns));
      } catch (e) {
        this.failure = e;
        break;
      }
      this.#changed();
    }
    this.#reading = false;
    this.#changed();
  }

  #missing(): { key: string; group: number; from: number; to: number; columns: number[] } | undefined {
    const wanted = this.#wanted;
    if (wanted === undefined) return undefined;
    this.refusal = undefined;
    for (let row = wanted.from; row < wanted.to; ) {
      const at = this.#at(row);
      if (at === undefined) return undefined;
      const have = this.#steps.get(at.key)?.columns;
      const columns = wanted.columns.filter((column) => have?.has(column) !== true);
      if (columns.length > 0) {
        const group = this.#footer.groups[at.group];
        const bytes = group === undefined ? 0 : atOnce(group, columns);
        if (bytes <= bounds.fetch) return { ...at, columns };
        this.refusal ??= { group: at.group, bytes };
      }
      row = at.to;
    }
    return undefined;
  }

  #take(at: { key: string; from: number; to: number; columns: readonly number[] }, rows: readonly (readonly (string | null)[])[]): void {
    const known = this.#steps.get(at.key) ?? { columns: new Set<number>(), cells: rows.map(() => []) };
    rows.forEach((cells, i) => at.columns.forEach((column, j) => (known.cells[i] ??= [])[column] = cells[j] ?? null));
    for (const column of at.columns) known.columns.add(column);
    this.#steps.delete(at.key);
    this.#steps.set(at.key, known); // moved to the end, so that it is evicted last
    const [oldest] = this.#steps.keys();
    if (this.#steps.size > kept && oldest !== undefined) this.#steps.delete(oldest);
  }
}
