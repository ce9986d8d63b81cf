import type { Path } from "../../path";
import { among, damaged, loadPicture, NotShown, tooMany, type Picture } from "./load";
import { Queue } from "./queue";

/** A small version of an image. */
export interface Thumbnail {
  blob: Blob;
  /** Whether the image is smaller than a tile, so that its pixels are shown as squares. */
  tiny: boolean;
}

const longest = 400; // pixels of a thumbnail's longer side, enough for a tile on a high-resolution screen
const tiny = 64; // pixels of the longer side up to which an image is shown with sharp pixels

const reading = new Queue(4);
const decoding = new Queue(1); // a decoded image takes four bytes per pixel while it is shrunk

/** Reads an image and shrinks it, so that a page of images needs only the memory of what is visible. It throws a NotShown for images that it refuses. */
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
    const fault = tooMany(bitmap, among); // the header may have been wrong
    if (fault !== undefined) throw new NotShown(fault, "Too many pixels");
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    return { blob: await canvas.convertToBlob(long <= tiny ? { type: "image/png" } : { type: "image/webp", quality: 0.85 }), tiny: long <= tiny };
  } finally {
    bitmap.close();
  }
}
