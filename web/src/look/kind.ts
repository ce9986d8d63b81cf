import type { FileStatus } from "../api/client";
import { mediaType } from "./media/types";

/**
 * The viewer of a file. "text" is also for unknown extensions; its viewer shows a file as bytes if it turns out not to be text. "bytes" is for known binary
 * formats without a viewer.
 */
export type Kind = "empty" | "text" | "markdown" | "json" | "csv" | "parquet" | "image" | "svg" | "html" | "media" | "notebook" | "tensors" | "bytes";

const opaque = new Set([
  "7z", "a", "arrow", "avro", "bin", "bz2", "ckpt", "class", "db", "dll", "doc", "docx", "dylib", "eot", "exe", "feather", "gz", "h5", "hdf5", "heic", "iso", "jar",
  "joblib", "lz4", "model", "npz", "o", "onnx", "orc", "otf", "pb", "pdf", "pickle", "pkl", "ppt", "pptx", "pt", "pth", "pyc", "rar", "so", "sqlite",
  "tar", "tflite", "tfrecord", "tgz", "tif", "tiff", "ttf", "wasm", "whl", "woff", "woff2", "xls", "xlsx", "xz", "zip", "zst",
]);

const byEnding: Readonly<Record<string, Kind>> = {
  md: "markdown", markdown: "markdown",
  json: "json", geojson: "json", webmanifest: "json", jsonl: "json", ndjson: "json",
  png: "image", apng: "image", jpg: "image", jpeg: "image", jpe: "image", jfif: "image", gif: "image", webp: "image", bmp: "image", avif: "image",
  ipynb: "notebook",
  safetensors: "tensors", npy: "tensors",
  svg: "svg", html: "html", htm: "html", xhtml: "html",
};

/** The extension of a name, in lower case and without the dot; "" if it has none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** The viewer of a file, by its name and its length in bytes. */
export function kindOf(name: string, length: number): Kind {
  if (length === 0) return "empty";
  if (/\.(csv|tsv)(\.gz)?$/i.test(name)) return "csv";
  if (/\.(parquet|pq)$/i.test(name)) return "parquet";
  if (opaque.has(endingOf(name)) || name.includes(".tfevents.")) return "bytes";
  const ending = endingOf(name);
  if (mediaType(ending) !== undefined) return "media";
  return (Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined) ?? "text";
}

/** Whether an entry of a listing is an image, according to its name. */
export function isPicture(entry: FileStatus): boolean {
  return entry.type === "FILE" && kindOf(entry.pathSuffix, entry.length) === "image";
}
