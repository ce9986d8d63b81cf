import { deflateSync, crc32 } from "node:zlib";

type Bytes = Uint8Array<ArrayBuffer>;

/** Makes a PNG of 8-bit colours. */
export function picture(width: number, height: number, at: (x: number, y: number) => readonly [number, number, number]): Bytes {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows.set(at(x, y), y * (width * 3 + 1) + 1 + x * 3);
  return pngOf(width, height, 8, 2, rows);
}

/** Makes a PNG of black pixels, of which a few kilobytes unfold to very many. */
export function bomb(width: number, height: number): Bytes {
  return pngOf(width, height, 1, 0, Buffer.alloc(height * (Math.ceil(width / 8) + 1)));
}

/** Puts other measures into the header of a PNG than its pixels have. */
export function lying(image: Bytes, width: number, height: number): Bytes {
  const lie = Buffer.from(image);
  lie.writeUInt32BE(width, 16);
  lie.writeUInt32BE(height, 20);
  lie.writeUInt32BE(crc32(lie.subarray(12, 29)), 29);
  return new Uint8Array(lie);
}

function pngOf(width: number, height: number, depth: number, colours: number, rows: Buffer): Bytes {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colours, 0, 0, 0], 8);
  return new Uint8Array(Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]));
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const b = Buffer.alloc(body.length + 8);
  b.writeUInt32BE(data.length, 0);
  body.copy(b, 4);
  b.writeUInt32BE(crc32(body), body.length + 4);
  return b;
}

/** Makes a sound of so many seconds: a tone that comes and goes, 8,000 samples a second. */
export function sound(seconds: number): Bytes {
  const samples = seconds * 8000;
  const b = Buffer.alloc(44 + samples * 2);
  b.write("RIFF", 0);
  b.writeUInt32LE(36 + samples * 2, 4);
  b.write("WAVEfmt ", 8);
  b.writeUInt32LE(16, 16);
  b.writeUInt16LE(1, 20);
  b.writeUInt16LE(1, 22);
  b.writeUInt32LE(8000, 24);
  b.writeUInt32LE(16_000, 28);
  b.writeUInt16LE(2, 32);
  b.writeUInt16LE(16, 34);
  b.write("data", 36);
  b.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) b.writeInt16LE(Math.round(9000 * Math.sin(i / 4) * Math.sin(i / 8000)), 44 + i * 2);
  return new Uint8Array(b);
}
