import { crc32, deflateSync } from "node:zlib";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  return c;
});

/** The checksum of a record's parts: CRC32C, masked. */
function masked(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) c = (c >>> 8) ^ (table[(c ^ b) & 0xff] ?? 0);
  c = ~c >>> 0;
  return (((c >>> 15) | (c << 17)) + 0xa282ead8) >>> 0;
}

/** The head of a record that says that it has so many bytes. */
export function head(length: bigint): Buffer {
  const b = Buffer.alloc(12);
  b.writeBigUInt64LE(length);
  b.writeUInt32LE(masked(b.subarray(0, 8)), 8);
  return b;
}

function record(data: Buffer): Buffer<ArrayBuffer> {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(masked(data));
  return Buffer.concat([head(BigInt(data.length)), data, sum]);
}

function varint(n: number): Buffer {
  const bytes = [];
  for (let rest = BigInt(n); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

function field(number: number, value: Buffer | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function double(number: number, value: number): Buffer {
  const b = Buffer.alloc(9);
  b[0] = (number << 3) | 1;
  b.writeDoubleLE(value, 1);
  return b;
}

const integer = (number: number, value: number) => Buffer.concat([varint(number << 3), varint(value)]);

/** A value of a tag: simple_value. */
export function scalar(tag: string, value: number): Buffer {
  const b = Buffer.alloc(5);
  b[0] = (2 << 3) | 5;
  b.writeFloatLE(value, 1);
  return field(1, Buffer.concat([field(1, tag), b]));
}

/** An image of a tag, whatever its bytes are. */
export function image(tag: string, width: number, height: number, data: Buffer): Buffer {
  return field(1, Buffer.concat([field(1, tag), field(4, Buffer.concat([integer(1, height), integer(2, width), field(4, data)]))]));
}

/** A record with values at a step; wall is in seconds since 1970. */
export function event(wall: number, step: number, ...values: Buffer[]): Buffer<ArrayBuffer> {
  return record(Buffer.concat([double(1, wall), integer(2, step), field(5, Buffer.concat(values))]));
}

/** A whole PNG of a square, in which at says the shade of each pixel, 0 to 255. */
export function png(side: number, at: (x: number, y: number) => number): Buffer {
  const rows = Buffer.alloc(side * (side + 1));
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) rows[y * (side + 1) + 1 + x] = at(x, y);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const b = Buffer.alloc(body.length + 8);
  b.writeUInt32BE(data.length);
  body.copy(b, 4);
  b.writeUInt32BE(crc32(body), body.length + 4);
  return b;
}
