import { readPart } from "../look/bytes";
import type { Path } from "../path";

/** Reads the bytes of a file from one offset up to another, which is not part of them. It fails if the file has become another meanwhile. */
export type ReadRange = (from: number, to: number, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** Reads ranges of a file, all of the state that the first one is of. */
export function rangesOf(path: Path): ReadRange {
  let etag: string | undefined;
  return async (from, to, signal) => {
    const part = await readPart(path, from, to - from, { signal, etag });
    etag ??= part.etag;
    if (part.from !== from || part.bytes.length !== to - from) throw new Error("The server sent another part of the file than was asked for. Load the page again.");
    return part.bytes;
  };
}
