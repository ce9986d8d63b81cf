import { size } from "../../format";
import type { Path } from "../../path";
import { readPart } from "../bytes";
import { measure, type Measures } from "./measure";

/** An image that has been read and is safe to decode. */
export interface Picture extends Measures {
  blob: Blob;
  /** The state of the file. */
  etag: string;
}

/** The limits for reading and decoding. */
export interface Bounds {
  bytes: number;
  pixels: number;
}

/** The limits for an image that is shown alone. Decoding takes four bytes per pixel. */
export const alone: Bounds = { bytes: 64 << 20, pixels: 64_000_000 };
/** The limits for an image among others. */
export const among: Bounds = { bytes: 8 << 20, pixels: 32_000_000 };

/** The reason why an image is not shown. */
export class NotShown extends Error {
  override readonly name = "NotShown";
  /** The reason in about two words. */
  readonly brief: string;

  constructor(message: string, brief: string) {
    super(message);
    this.brief = brief;
  }
}

/** The message for an image that browsers cannot decode. */
export const damaged = "The image is damaged or incomplete.";

const first = 128 << 10; // bytes; in JPEG files, metadata of the camera comes before the header
const headers = 1 << 20; // most bytes that are searched for a header

/**
 * Reads an image. The header is checked first: an image with too many pixels is not read, so that it is never decoded, since a few kilobytes may expand to
 * gigabytes. It throws a NotShown for images that it refuses.
 */
export async function loadPicture(path: Path, bounds: Bounds, signal?: AbortSignal): Promise<Picture> {
  let head = await readPart(path, 0, first, { signal });
  let measures = measure(head.bytes);
  if (measures === undefined && head.total > head.bytes.length && head.bytes[0] === 0xff && head.bytes[1] === 0xd8) {
    head = await readPart(path, 0, headers, { signal, etag: head.etag });
    measures = measure(head.bytes);
  }
  if (measures === undefined) throw new NotShown("This is not a PNG, JPEG, GIF, WebP, BMP or AVIF image, or it is damaged.", "Not an image");
  const fault = tooMany(measures, bounds);
  if (fault !== undefined) throw new NotShown(fault, "Too many pixels");
  if (head.total > bounds.bytes) throw new NotShown(`The image is too large: it has ${size(head.total)}, and the limit is ${size(bounds.bytes)}.`, "Too large");
  const rest = head.bytes.length < head.total ? await readPart(path, head.bytes.length, head.total - head.bytes.length, { signal, etag: head.etag }) : undefined;
  return { ...measures, etag: head.etag, blob: new Blob(rest === undefined ? [head.bytes] : [head.bytes, rest.bytes], { type: `image/${measures.format}` }) };
}

/** An image whose bytes have been read, if it is safe to decode. It throws a NotShown otherwise. */
export function pictureOf(bytes: Uint8Array<ArrayBuffer>, bounds: Bounds): Measures & { blob: Blob } {
  const measures = measure(bytes);
  if (measures === undefined) throw new NotShown(damaged, "Damaged");
  const fault = tooMany(measures, bounds);
  if (fault !== undefined) throw new NotShown(fault, "Too many pixels");
  return { ...measures, blob: new Blob([bytes], { type: `image/${measures.format}` }) };
}

/** Why an image of these dimensions is not decoded; undefined if it may be. */
export function tooMany({ width, height }: { width: number; height: number }, { pixels }: Bounds): string | undefined {
  if (width * height <= pixels) return undefined;
  return `The image is too large: it has ${width.toLocaleString("en")} × ${height.toLocaleString("en")} pixels, which would take ${size(width * height * 4)} of memory. The limit is ${Math.round(pixels / 1e6)} million pixels.`;
}
