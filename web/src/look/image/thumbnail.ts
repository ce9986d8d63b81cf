import type { Path } from "../../path";
import { among, damaged, loadPicture, NotShown, tooMany, type Picture } from "./load";
import { Queue } from "./queue";

/** An image made small. */
export interface Thumbnail {
  blob: Blob;
  /** Its pixels are fewer than a tile's, and shown as squares. */
  tiny: boolean;
}

const longest = 400; // pixels of a thumbnail's longer side: those of a tile on a fine screen
const tiny = 64; // pixels of a longer side up to which squares are clearer than a blur

const reading = new Queue(4);
const decoding = new Queue(1); // what is decoded takes four bytes a pixel for as long as it is made small

/** Reads an image and makes it small, so that a page of them takes the memory of what is seen. It throws a NotShown for what is refused. */
export async function loadThumbnail(path: Path, signal: AbortSignal): Promise<Thumbnail> {
  return reading.run(async () => {
    const picture = await loadPicture(path, among, signal);
    return decoding.run(() => shrink(picture), signal);
  }, signal);
}

async function shrink({ blob, width, height }: Picture): Promise<Thumbnail> {
  const long = Math.max(width, height);
  const fewer: ImageBitmapOptions = long <= longest ? {} : { resizeQuality: "medium", ...(width >= height ? { resizeWidth: longest } : { resizeHeight: longest }) };
  const bitmap = await createImageBitmap(blob, fewer).catch(() => {
    throw new NotShown(damaged, "Damaged");
  });
  try {
    const fault = tooMany(bitmap, among); // a header may have lied
    if (fault !== undefined) throw new NotShown(fault, "Too many pixels");
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    return { blob: await canvas.convertToBlob(long <= tiny ? { type: "image/png" } : { type: "image/webp", quality: 0.85 }), tiny: long <= tiny };
  } finally {
    bitmap.close();
  }
}
