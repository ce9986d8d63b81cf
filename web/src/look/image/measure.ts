/** The raster image formats that current browsers show. */
export type Format = "avif" | "bmp" | "gif" | "jpeg" | "png" | "webp";

/** The format and dimensions from the header of an image. */
export interface Measures {
  format: Format;
  width: number;
  height: number;
}

/** Reads the format and dimensions from the first bytes of an image; undefined if it is no image, or the header is incomplete. */
export function measure(bytes: Uint8Array): Measures | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    for (const [format, read] of readers) {
      const measures = read(view);
      if (measures !== undefined && measures.width > 0 && measures.height > 0) return { format, ...measures };
    }
  } catch (e) {
    if (!(e instanceof RangeError)) throw e; // the header is incomplete
  }
  return undefined;
}

type Size = { width: number; height: number };
type Reader = (view: DataView) => Size | undefined;

const readers: readonly (readonly [Format, Reader])[] = [["png", png], ["gif", gif], ["bmp", bmp], ["webp", webp], ["avif", avif], ["jpeg", jpeg]];

function says(view: DataView, at: number, text: string): boolean {
  if (at + text.length > view.byteLength) return false;
  for (let i = 0; i < text.length; i++) if (view.getUint8(at + i) !== text.charCodeAt(i)) return false;
  return true;
}

function png(view: DataView): Size | undefined {
  if (!says(view, 0, "\x89PNG\r\n\x1a\n") || !says(view, 12, "IHDR")) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(view: DataView): Size | undefined {
  if (!says(view, 0, "GIF87a") && !says(view, 0, "GIF89a")) return undefined;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function bmp(view: DataView): Size | undefined {
  if (!says(view, 0, "BM")) return undefined;
  if (view.getUint32(14, true) === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }; // negative if rows are stored from the top down
}

function webp(view: DataView): Size | undefined {
  if (!says(view, 0, "RIFF") || !says(view, 8, "WEBP")) return undefined;
  if (says(view, 12, "VP8X")) return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  if (says(view, 12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
  }
  if (says(view, 12, "VP8 ")) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return undefined;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** The largest image in an AVIF file, according to the ispe boxes in meta, iprp, ipco. */
function avif(view: DataView): Size | undefined {
  if (!says(view, 4, "ftypavif") && !says(view, 4, "ftypavis")) return undefined;
  let found: Size | undefined;
  const look = (from: number, to: number) => {
    for (let at = from; at + 8 <= to; ) {
      const length = view.getUint32(at);
      const end = length === 0 ? to : at + length;
      if (length !== 0 && length < 8) return;
      if (says(view, at + 4, "meta")) look(at + 12, Math.min(end, to));
      else if (says(view, at + 4, "iprp") || says(view, at + 4, "ipco")) look(at + 8, Math.min(end, to));
      else if (says(view, at + 4, "ispe")) {
        const size = { width: view.getUint32(at + 12), height: view.getUint32(at + 16) };
        if (found === undefined || size.width * size.height > found.width * found.height) found = size;
      }
      at = end;
    }
  };
  look(0, view.byteLength);
  return found;
}

/** The header of the frame comes after other segments of any length. */
function jpeg(view: DataView): Size | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++; // padding
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2; // a marker without a segment
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else if (marker === 0xd9 || marker === 0xda) return undefined; // pixels before a frame header
    else at += 2 + view.getUint16(at + 2);
  }
}
