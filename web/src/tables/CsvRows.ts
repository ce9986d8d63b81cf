import { joined } from "../look/bytes";
import { cellsOf, delimiterOf, headed, kindOf, recordsIn } from "./csv";
import { unpacked } from "./gzip";
import { pieces, transcoded } from "./pieces";
import type { ReadRange } from "./range";
import { cellShown, mostRows, type Cell, type Column, type Rows } from "./rows";

const mebi = 1 << 20;

/** The limits of what is read of a file. */
export const bounds = { bytes: 64 * mebi, rows: mostRows, record: mebi, columns: 2000 } as const;

const atOnce = 4 * mebi; // bytes that are read at once, so that small files are complete
const ahead = 500; // rows before the last loaded one at which more are read
const remembered = 2000; // rows whose cells are kept
const looked = 500; // rows that determine the types of columns

/** Why reading has stopped: the end of the file, a limit, or a record that is too long. */
export type Stop = "end" | "bytes" | "rows" | "record" | "quotes";

interface Block {
  /** The number of its first record. */
  first: number;
  bytes: Uint8Array;
  starts: Uint32Array;
}

/** Options of a file of separated values that the user may set; undefined ones are detected. */
export interface Said {
  delimiter?: string | undefined;
  header?: boolean | undefined;
}

/** The rows of a file of separated values, read from the beginning as far as the user scrolls, within limits. It keeps bytes, and decodes rows when they are shown. */
export class CsvRows implements Rows {
  columns: readonly Column[] = [];
  readonly first = 0;
  end = 0;
  /** The delimiter, and whether the first record has the names of the columns. */
  delimiter = ",";
  header = false;
  encoding: "UTF-8" | "UTF-16" | "Windows-1252" = "UTF-8";
  /** The number of bytes of text that were read. */
  read = 0;
  stopped: Stop | undefined;
  failure: unknown;
  reading = false;
  /** The number of rows that differ from the first record in their number of cells, and the first such row. */
  ragged = { rows: 0, first: 0 };

  readonly #said: Said;
  readonly #abort = new AbortController();
  readonly #from: AsyncGenerator<Uint8Array<ArrayBuffer>>;
  readonly #listeners = new Set<() => void>();
  readonly #cells = new Map<number, readonly string[]>();
  readonly #blocks: Block[] = [];
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #records = 0;
  #widths = { first: 0, most: 0 };
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #version = 0;
  #goal = 0; // the row up to which rows are wanted
  #release: (() => void) | undefined; // retries a range that could not be read

  constructor(read: ReadRange, size: number, packed: boolean, said: Said) {
    this.#said = said;
    const raw = pieces((from, to, signal) => this.#patiently(() => read(from, to, signal)), size, this.#abort.signal);
    this.#from = packed ? unpacked(raw) : raw;
    void this.#readOn();
  }

  subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  version = (): number => this.#version;

  /** Stops reading. */
  close(): void {
    this.#abort.abort();
  }

  want = (_from: number, to: number): void => {
    this.readTo(to + ahead);
  };

  /** Reads on up to a row, or to a limit. */
  readTo(row: number): void {
    this.#goal = Math.max(this.#goal, row);
    if (!this.reading && this.failure === undefined && this.#more()) void this.#readOn();
  }

  /** Continues after a failure; undefined if that is of no use, since the data is damaged. */
  get again(): (() => void) | undefined {
    const release = this.#release;
    if (release === undefined) return undefined;
    return () => {
      this.#release = undefined;
      this.failure = undefined;
      this.reading = true;
      this.#changed();
      release();
    };
  }

  /**
   * Reads a range, and waits for a retry if that fails. It must not throw: the range passes through generators, which end when they throw, so that the table
   * would seem complete.
   */
  async #patiently<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await read();
      } catch (e) {
        if (this.#abort.signal.aborted) throw e;
        this.failure = e;
      }
      await new Promise<void>((done) => {
        this.#release = done;
        this.reading = false;
        this.#changed();
      });
    }
  }

  row = (index: number): readonly Cell[] | undefined => this.#record(index + (this.header ? 1 : 0))?.map((cell) => cell.slice(0, cellShown + 1));

  whole = (row: number, column: number): Promise<Cell> => Promise.resolve(this.#record(row + (this.header ? 1 : 0))?.[column]);

  #more(): boolean {
    return this.stopped === undefined && (this.end < this.#goal || this.read < atOnce);
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  async #readOn(): Promise<void> {
    this.reading = true;
    this.#changed();
    try {
      do {
        const next = await this.#next();
        await this.#take(next ?? new Uint8Array(0), next === undefined);
        this.#changed();
      } while (this.#more());
    } catch (e) {
      if (this.#abort.signal.aborted) return;
      this.failure = e;
    }
    this.reading = false;
    this.#changed();
  }

  #source: AsyncGenerator<Uint8Array<ArrayBuffer>> | undefined;

  /** The next piece, in UTF-8 or a single-byte encoding. */
  async #next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#source !== undefined) return (await this.#source.next()).value;
    const first = await this.#from.next();
    if (first.done) return undefined;
    const bytes = first.value;
    const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
    const rest = this.#from;
    const all = (async function* () {
      yield bytes;
      yield* rest;
    })();
    this.#source = utf16 === undefined ? all : transcoded(all, utf16);
    if (utf16 !== undefined) this.encoding = "UTF-16";
    const piece = (await this.#source.next()).value;
    if (piece === undefined) return undefined;
    const marked = piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? piece.slice(3) : piece;
    this.#recognise(marked);
    return marked;
  }

  /** Detects the encoding and the delimiter from the first piece. */
  #recognise(bytes: Uint8Array<ArrayBuffer>): void {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    } catch {
      this.encoding = "Windows-1252";
      this.#decoder = new TextDecoder("windows-1252");
    }
    this.delimiter = this.#said.delimiter ?? delimiterOf(this.#decoder.decode(bytes.subarray(0, 65_536)));
  }

  /** Finds the records in a piece, in steps that are short enough not to block the page. */
  async #take(piece: Uint8Array<ArrayBuffer>, last: boolean): Promise<void> {
    for (let at = 0; at < piece.length || (last && at === 0); at += mebi) {
      const part = piece.subarray(at, at + mebi);
      this.read += part.length;
      const bytes = joined([this.#rest, part]);
      const found = recordsIn(bytes, this.delimiter.charCodeAt(0), last);
      this.#rest = bytes.slice(found.used);
      if (found.starts.length > 0) this.#add(bytes.subarray(0, found.used), found.starts, found.widths);
      if (last) this.stopped = "end";
      else if (this.#rest.length >= bounds.record) this.#cut(found.open);
      else if (this.end >= bounds.rows) this.stopped = "rows";
      else if (this.read >= bounds.bytes) this.stopped = "bytes";
      if (this.#records > 0) this.#describe();
      if (this.stopped !== undefined) {
        this.#rest = new Uint8Array(0);
        if (this.stopped !== "end") void this.#from.return(undefined);
        return;
      }
      await new Promise((done) => setTimeout(done)); // lets the browser update the page
    }
  }

  /** Adds the beginning of a record that is too long, and stops. */
  #cut(open: boolean): void {
    this.stopped = open ? "quotes" : "record";
    const cut = this.#rest.slice(0, bounds.record);
    const { widths } = recordsIn(cut, this.delimiter.charCodeAt(0), true);
    this.#add(cut, new Uint32Array(1), Uint32Array.of(widths[0] ?? 1));
  }

  #add(bytes: Uint8Array, starts: Uint32Array, widths: Uint32Array): void {
    if (this.#widths.first === 0) this.#widths.first = widths[0] ?? 1;
    widths.forEach((width, i) => {
      this.#widths.most = Math.max(this.#widths.most, width);
      if (width !== this.#widths.first && this.ragged.rows++ === 0) this.ragged.first = this.#records + i;
    });
    this.#blocks.push({ first: this.#records, bytes, starts });
    this.#records += starts.length;
    this.#cells.clear();
  }

  /** Determines the names and types of the columns from the first rows. */
  #describe(): void {
    const count = Math.min(this.#widths.most, bounds.columns);
    if (this.columns.length === 0) this.header = this.#said.header ?? headed(this.#some(Math.min(this.#records, 50), 0));
    this.end = Math.min(bounds.rows, this.#records - (this.header ? 1 : 0));
    if (this.columns.length === count) return;
    const names = this.header ? (this.#record(0) ?? []) : [];
    const some = this.#some(Math.min(this.#records, looked), this.header ? 1 : 0);
    this.columns = Array.from({ length: count }, (_, i) => {
      const kind = kindOf(some.map((cells) => cells[i] ?? ""));
      return { name: names[i]?.trim() || `column ${i + 1}`, type: kind, right: kind === "number" };
    });
  }

  #some(to: number, from: number): (readonly string[])[] {
    const some: (readonly string[])[] = [];
    for (let i = from; i < to; i++) some.push(this.#record(i) ?? []);
    return some;
  }

  #record(number: number): readonly string[] | undefined {
    const known = this.#cells.get(number);
    if (known !== undefined) return known;
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]?.first ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    const block = this.#blocks[low];
    const start = block?.starts[number - block.first];
    if (block === undefined || start === undefined) return undefined;
    const text = this.#decoder.decode(block.bytes.subarray(start, block.starts[number - block.first + 1] ?? block.bytes.length));
    const cells = cellsOf(text, this.delimiter, bounds.columns);
    if (this.#cells.size >= remembered) this.#cells.clear();
    this.#cells.set(number, cells);
    return cells;
  }
}
