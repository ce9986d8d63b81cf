import { joined } from "../look/bytes";
import type { ReadRange } from "./range";

const mebi = 1 << 20;

/** How much of a file is asked for at once: little first, so that something is seen soon. */
const spans = [mebi, 2 * mebi, 4 * mebi];

/** The bytes of a file in their order, a range at a time, each asked for when the one before is used up. */
export async function* pieces(read: ReadRange, size: number, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0, i = 0; at < size; i++) {
    const to = Math.min(size, at + (spans[Math.min(i, spans.length - 1)] ?? mebi));
    yield await read(at, to, signal);
    at = to;
  }
}

/** What compressed pieces hold, about a mebibyte at a time; no more is unpacked than is asked for. */
export async function* unpacked(from: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const packed = new ReadableStream<BufferSource>(
    {
      pull: async (to) => {
        const next = await from.next();
        if (next.done) to.close();
        else to.enqueue(next.value);
      },
    },
    { highWaterMark: 0 },
  );
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (value !== undefined) {
      parts.push(value);
      length += value.length;
    }
    if (length >= mebi || (done && length > 0)) {
      yield joined(parts);
      [parts, length] = [[], 0];
    }
    if (done) return;
  }
}

/** Pieces of UTF-16 as pieces of UTF-8. */
export async function* transcoded(from: AsyncGenerator<Uint8Array<ArrayBuffer>>, encoding: "utf-16le" | "utf-16be"): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const piece of from) yield encoder.encode(decoder.decode(piece, { stream: true }));
  yield encoder.encode(decoder.decode());
}
