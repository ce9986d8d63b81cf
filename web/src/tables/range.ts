import { readPart } from "../look/bytes";
import type { Path } from "../path";

/** Reads the bytes of a file from one offset up to, but not including, another. It fails if the file has changed since the first read. */
export type ReadRange = (from: number, to: number, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** A reader of ranges of a file, which all belong to the same state of it. */
export function rangesOf(path: Path): ReadRange {
  let etag: string | undefined;
  return async (from, to, signal) => {
    const part = await readPart(path, from, to - from, { signal, etag });
    etag ??= part.etag;
    if (part.from !== from || part.bytes.length !== to - from) throw new Error("The server sent the wrong part of the file. Reload the page.");
    return part.bytes;
  };
}
