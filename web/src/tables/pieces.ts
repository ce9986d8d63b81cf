import type { ReadRange } from "./range";

const mebi = 1 << 20;

/** The bytes per request: few at first, so that something can be shown soon. */
const spans = [mebi, 2 * mebi, 4 * mebi];

/** The bytes of a file in order, a range at a time. Each range is requested only when the previous one is used up. */
export async function* pieces(read: ReadRange, size: number, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0, i = 0; at < size; i++) {
    const to = Math.min(size, at + (spans[Math.min(i, spans.length - 1)] ?? mebi));
    yield await read(at, to, signal);
    at = to;
  }
}

/** Converts pieces of UTF-16 into UTF-8. */
export async function* transcoded(from: AsyncGenerator<Uint8Array<ArrayBuffer>>, encoding: "utf-16le" | "utf-16be"): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const piece of from) yield encoder.encode(decoder.decode(piece, { stream: true }));
  yield encoder.encode(decoder.decode());
}
