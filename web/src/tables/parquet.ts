import { parquetMetadata, parquetRead, snappyUncompress, type AsyncBuffer, type Compressors, type FileMetaData } from "hyparquet";
import { decompressBrotli, decompressGzip, decompressLz4, decompressLz4Raw, decompressZstd } from "hyparquet-compressors";
import { parquetHeader } from "hyparquet/src/column.js";
import { size } from "../format";
import { bounds, checked, Unreadable, type Footer } from "./footer";
import { withoutDecimals } from "./meaning";
import { Moment, shortText, longText, textOf } from "./values";

/** Reads the bytes of a file from one offset up to another. */
export type Fetch = (from: number, to: number) => Promise<Uint8Array<ArrayBuffer>>;

const firstRead = 64 << 10; // bytes at the end of a file, which contain most footers
const small = 8 << 20; // bytes of columns that are fetched as a whole, so that scrolling needs no more requests
const kept = 96 << 20; // bytes that are cached
const mostValues = 16 << 20; // in one page

/** An exception of the Parquet library as an error for the user. */
function damaged(e: unknown): Error {
  if (e instanceof Unreadable || (e instanceof Error && e.name === "Fetch")) return e;
  return new Unreadable(`This file is damaged or has an unsupported format: ${e instanceof Error ? e.message : String(e)}.`);
}

/** A Parquet file, which is read in parts. Its metadata is not trusted: it is checked for consistency and against limits. */
export class Parquet {
  readonly footer: Footer;
  readonly #meta: FileMetaData;
  readonly #fetch: Fetch;
  readonly #length: number;
  #known: { from: number; bytes: Uint8Array<ArrayBuffer> }[] = [];

  private constructor(meta: FileMetaData, length: number, fetch: Fetch) {
    this.footer = checked(meta, length);
    this.#meta = { ...meta, schema: withoutDecimals(meta.schema) };
    this.#length = length;
    this.#fetch = fetch;
  }

  static async open(length: number, fetch: Fetch): Promise<Parquet> {
    if (length < 12) throw new Unreadable("This file is too short to be a Parquet file.");
    let end = await fetch(Math.max(0, length - firstRead), length);
    const mark = new TextDecoder("latin1").decode(end.subarray(-4));
    if (mark === "PARE") throw new Unreadable("This file is encrypted and cannot be shown.");
    if (mark !== "PAR1") throw new Unreadable("This is not a Parquet file, or it is incomplete: it does not end like one.");
    const footer = new DataView(end.buffer, end.byteOffset).getUint32(end.length - 8, true);
    if (footer + 12 > length) throw new Unreadable(`This file is damaged: its footer is given as ${size(footer)} long, but the whole file has ${size(length)}.`);
    if (footer > bounds.footer) throw new Unreadable(`The footer of this file is too large: it has ${size(footer)}, and the limit is ${size(bounds.footer)}.`);
    if (footer + 8 > end.length) end = await fetch(length - footer - 8, length);
    let meta: FileMetaData;
    try {
      meta = parquetMetadata(end, { geoparquet: false, parsers });
    } catch (e) {
      throw damaged(e);
    }
    return new Parquet(meta, length, fetch);
  }

  /** The cells of rows in one group, as short texts, in the order of columns. */
  async rows(group: number, from: number, to: number, columns: readonly number[]): Promise<(string | null)[][]> {
    const values = await this.#values(group, from, to, columns);
    return values.map((row) => row.map((value, i) => textOf(value, shortText, this.footer.fields[columns[i] ?? 0]?.meaning)));
  }

  /** The full value of a cell. */
  async cell(group: number, row: number, column: number): Promise<string | null> {
    const [values] = await this.#values(group, row, row + 1, [column]);
    return textOf(values?.[0], longText, this.footer.fields[column]?.meaning);
  }

  async #values(group: number, from: number, to: number, columns: readonly number[]): Promise<unknown[][]> {
    const about = this.footer.groups[group];
    if (about === undefined) throw new Unreadable("This row group does not exist.");
    const names = columns.map((column) => this.footer.fields[column]?.name ?? "");
    const chunks = columns.flatMap((column) => about.chunks[column] ?? []);
    const inAll = chunks.reduce((n, { from: begin, to: end }) => n + end - begin, 0);
    const reached = new Map<string, number>();
    let rows: unknown[][] = [];
    try {
      await parquetRead({
        file: this.#file(chunks),
        metadata: this.#meta,
        columns: names,
        rowStart: about.first + from,
        rowEnd: about.first + to,
        useOffsetIndex: inAll > small,
        utf8: false,
        parsers,
        compressors: unpackers(),
        onChunk: ({ columnName, rowEnd }) => reached.set(columnName, Math.max(reached.get(columnName) ?? 0, rowEnd)),
        onComplete: (all) => {
          rows = all;
        },
      });
    } catch (e) {
      throw damaged(e);
    }
    // The library leaves cells empty that are missing in the file.
    const short = names.find((name) => (reached.get(name) ?? 0) < about.first + to);
    if (short !== undefined) throw new Unreadable(`This file is damaged: the column “${short}” has fewer rows than the footer says.`);
    return rows;
  }

  /** The file for one read, which may fetch no more than the limit. */
  #file(chunks: readonly { from: number; to: number }[]): AsyncBuffer {
    let left: number = bounds.fetch;
    const slice = async (from: number, to: number) => {
      if (!(from >= 0 && from <= to && to <= this.#length)) throw new Unreadable("This file is damaged: an index points outside of it.");
      const known = this.#known.find((it) => it.from <= from && to <= it.from + it.bytes.length);
      let bytes = known?.bytes.slice(from - known.from, to - known.from);
      if (bytes === undefined) {
        left -= to - from;
        if (left < 0) throw new Unreadable(`These rows need more than ${size(bounds.fetch)}, which is the limit. Choose fewer columns.`);
        bytes = await this.#fetch(from, to);
        this.#keep(from, bytes);
      }
      const within = chunks.filter((chunk) => from <= chunk.from && chunk.to <= to);
      for (const chunk of within) checkPages(bytes.subarray(chunk.from - from, chunk.to - from));
      if (within.length === 0 && chunks.some((chunk) => chunk.from <= from && to <= chunk.to)) checkPages(bytes);
      return bytes.buffer;
    };
    return {
      byteLength: this.#length,
      slice: (from, to = this.#length) => {
        const part = slice(from, to);
        part.catch(() => undefined); // the library requests all parts at once, but awaits them one by one, so errors may be unhandled for a while
        return part;
      },
    };
  }

  #keep(from: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#known.push({ from, bytes: bytes.slice() });
    let sum = this.#known.reduce((n, it) => n + it.bytes.length, 0);
    while (sum > kept) sum -= this.#known.shift()?.bytes.length ?? sum;
  }
}

/** Refuses pages with impossible sizes, before memory is allocated for them. */
function checkPages(bytes: Uint8Array<ArrayBuffer>): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  while (reader.offset < bytes.length - 1) {
    const header = parquetHeader(reader);
    const values = Math.max(header.data_page_header?.num_values ?? 0, header.data_page_header_v2?.num_values ?? 0, header.dictionary_page_header?.num_values ?? 0);
    if (values > mostValues) throw new Unreadable(`A page of this file is too large: it has ${values.toLocaleString("en")} values, and the limit is ${mostValues.toLocaleString("en")}.`);
    if (header.uncompressed_page_size > bounds.page) throw new Unreadable(`A page of this file is too large: it has ${size(header.uncompressed_page_size)} uncompressed, and the limit is ${size(bounds.page)}.`);
    if (!(header.compressed_page_size >= 0 && header.compressed_page_size <= bytes.length - reader.offset)) throw new Unreadable("This file is damaged: a page is longer than its column.");
    reader.offset += header.compressed_page_size;
  }
}

/** The decompressors of pages, which together may produce no more than the limit of one read. */
function unpackers(): Compressors {
  let left: number = bounds.unpacked;
  const bounded = (unpack: (input: Uint8Array, length: number) => Uint8Array) => (input: Uint8Array, length: number) => {
    if (length === 0) return new Uint8Array(0); // as of a dictionary without entries, which not every decompressor expects
    left -= length;
    if (left < 0) throw new Unreadable(`These rows need more than ${size(bounds.unpacked)} uncompressed, which is the limit. Choose fewer columns.`);
    return unpack(input, length);
  };
  return {
    SNAPPY: bounded((input, length) => {
      const output = new Uint8Array(length);
      snappyUncompress(input, output);
      return output;
    }),
    GZIP: bounded(decompressGzip),
    BROTLI: bounded(decompressBrotli),
    ZSTD: bounded((input, length) => decompressZstd(input, new Uint8Array(length))),
    LZ4: bounded(decompressLz4),
    LZ4_RAW: bounded(decompressLz4Raw),
  };
}

const text = new TextDecoder();

/** Parsers that keep the full precision of values. */
const parsers = {
  timestampFromMilliseconds: (n: bigint) => new Moment(BigInt(n), 3),
  timestampFromMicroseconds: (n: bigint) => new Moment(BigInt(n), 6),
  timestampFromNanoseconds: (n: bigint) => new Moment(BigInt(n), 9),
  dateFromDays: (days: number) => new Moment(BigInt(days) * 86_400n, 0),
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && text.decode(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && text.decode(bytes),
  geometryFromBytes: (bytes: Uint8Array | undefined) => bytes,
  geographyFromBytes: (bytes: Uint8Array | undefined) => bytes,
};
