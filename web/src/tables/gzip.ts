import { joined } from "../look/bytes";

type Bytes = Uint8Array<ArrayBuffer>;

const mebi = 1 << 20;

/** Decompresses pieces, about a mebibyte at a time and no more than is requested. */
export async function* unpacked(from: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  let parts: Bytes[] = [];
  let length = 0;
  for await (const part of contentOf(from)) {
    parts.push(part);
    length += part.length;
    if (length < mebi) continue;
    yield joined(parts);
    [parts, length] = [[], 0];
  }
  if (length > 0) yield joined(parts);
}

/**
 * The content of a gzip file. It may have several members, one behind the other, as programs write them that append to a file. Browsers decompress only one,
 * and do not say where it ends, but take nothing behind it: so where they refuse what may begin a member, it does.
 */
async function* contentOf(from: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  let member = new Member();
  for await (const part of partsOf(from)) {
    let taken = false;
    try {
      for await (const content of member.take(part)) {
        taken = true;
        yield content;
      }
    } catch (e) {
      if (taken || member.fresh || !begins(part, 0)) throw e;
      member = new Member();
      yield* member.take(part);
    }
    member.fresh = false;
  }
  yield* member.end();
}

function begins(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8; // RFC 1952: the compression method is always 8
}

/** Pieces, divided where a member may begin. */
async function* partsOf(from: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  let rest: Bytes = new Uint8Array(0);
  for await (const piece of from) {
    const bytes = joined([rest, piece]);
    let first = 0;
    for (let at = bytes.indexOf(0x1f, 1); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
      if (!begins(bytes, at)) continue;
      yield bytes.slice(first, at);
      first = at;
    }
    const last = bytes.length - first < 6 ? first : bytes.length - 2; // a member may begin in the last two bytes, which is known with the next piece
    if (last > first) yield bytes.slice(first, last);
    rest = bytes.slice(last);
  }
  if (rest.length > 0) yield rest;
}

/** A member of a gzip file that is decompressed. */
class Member {
  /** Whether nothing of it has been taken. */
  fresh = true;
  readonly #to: WritableStreamDefaultWriter<BufferSource>;
  readonly #from: ReadableStreamDefaultReader<Bytes>;
  #next: Promise<ReadableStreamReadResult<Bytes>> | undefined;

  constructor() {
    const { writable, readable } = new DecompressionStream("gzip");
    this.#to = writable.getWriter();
    this.#from = readable.getReader() as ReadableStreamDefaultReader<Bytes>;
  }

  /** Takes the next bytes of the member, and yields what comes out of them. It throws if they do not belong to it. */
  async *take(part: Bytes): AsyncGenerator<Bytes> {
    const taken = this.#to.write(part).then(() => undefined);
    for (;;) {
      const next = await Promise.race([this.#read(), taken]); // what comes out does so before all is taken
      if (next?.value === undefined) return;
      this.#next = undefined;
      yield next.value;
    }
  }

  /** Yields what still comes out. It throws if the member is not complete. */
  async *end(): AsyncGenerator<Bytes> {
    this.#to.close().catch(() => undefined); // whoever reads is told, too
    for (;;) {
      const next = await this.#read();
      if (next.value === undefined) return;
      this.#next = undefined;
      yield next.value;
    }
  }

  #read(): Promise<ReadableStreamReadResult<Bytes>> {
    if (this.#next === undefined) {
      this.#next = this.#from.read();
      this.#next.catch(() => undefined); // whoever writes is told, too
    }
    return this.#next;
  }
}
