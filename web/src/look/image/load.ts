import { size } from "../../format";
import type { Path } from "../../path";
import { readPart } from "../bytes";
import { measure, type Measures } from "./measure";

/** An image that was read, and may be decoded. */
export interface Picture extends Measures {
  blob: Blob;
  /** Names the state of the file. */
  etag: string;
}

/** What may be read, and decoded. */
export interface Bounds {
  bytes: number;
  pixels: number;
}

/** Bounds of an image that is looked at by itself: decoded it takes four bytes a pixel. */
export const alone: Bounds = { bytes: 64 << 20, pixels: 64_000_000 };
/** Bounds of an image among others. */
export const among: Bounds = { bytes: 8 << 20, pixels: 32_000_000 };

/** An image that is not shown, and why. */
export class NotShown extends Error {
  override readonly name = "NotShown";
  /** Why, where there is room for two words. */
  readonly brief: string;

  constructor(message: string, brief: string) {
    super(message);
    this.brief = brief;
  }
}

/** What is said of an image that no browser decodes. */
export const damaged = "The data of the image is damaged, or cut off.";

const first = 128 << 10; // bytes; headers of JPEG lie behind a camera's own notes
const headers = 1 << 20; // bytes in which a header is looked for at most

/**
 * Reads an image. Its header comes first: what has more pixels than the bounds allow is not read, and so never decoded, whatever a few kilobytes of it would
 * unfold to. It throws a NotShown, in words, for what is refused.
 */
export async function loadPicture(path: Path, bounds: Bounds, signal?: AbortSignal): Promise<Picture> {
  let head = await readPart(path, 0, first, { signal });
  let measures = measure(head.bytes);
  if (measures === undefined && head.total > head.bytes.length && head.bytes[0] === 0xff && head.bytes[1] === 0xd8) {
    head = await readPart(path, 0, headers, { signal, etag: head.etag });
    measures = measure(head.bytes);
  }
  if (measures === undefined) throw new NotShown("The file does not begin as a PNG, JPEG, GIF, WebP, BMP or AVIF image does. It may be damaged, or be something else.", "No image");
  const fault = tooMany(measures, bounds);
  if (fault !== undefined) throw new NotShown(fault, "Too many pixels");
  if (head.total > bounds.bytes) throw new NotShown(`The image has ${size(head.total)}; up to ${size(bounds.bytes)} are shown here.`, "Too large");
  const rest = head.bytes.length < head.total ? await readPart(path, head.bytes.length, head.total - head.bytes.length, { signal, etag: head.etag }) : undefined;
  return { ...measures, etag: head.etag, blob: new Blob(rest === undefined ? [head.bytes] : [head.bytes, rest.bytes], { type: `image/${measures.format}` }) };
}

/** Why an image of such measures is not decoded; undefined: it may be. */
export function tooMany({ width, height }: { width: number; height: number }, { pixels }: Bounds): string | undefined {
  if (width * height <= pixels) return undefined;
  return `The image has ${width.toLocaleString("en")} × ${height.toLocaleString("en")} pixels, which would take ${size(width * height * 4)} of memory to show. Up to ${Math.round(pixels / 1e6)} million pixels are shown here.`;
}
