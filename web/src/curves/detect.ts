import type { FileStatus } from "../api/client";
import type { Entries } from "../listing/useListing";
import { projectOf, type Path } from "../path";

const asked = 5_000; // the most entries of a directory for which the server is asked about runs below it

/** Whether TensorBoard would regard a file as an event file, which it tells by the name. */
function isEventFile(entry: FileStatus): boolean {
  return entry.type === "FILE" && entry.pathSuffix.includes("tfevents");
}

/**
 * What a listing tells about curves: there are some ("here"), there may be some in subdirectories, so that the server has to be asked ("perhaps"), or there
 * are none ("none"). The server is not asked about large directories, nor about all projects at once.
 */
export function curvesIn(dir: Path, entries: Entries): "here" | "perhaps" | "none" {
  if (entries.items.some(isEventFile)) return "here";
  const small = entries.whole && entries.total <= asked && projectOf(dir) !== undefined;
  return small && entries.items.some((entry) => entry.type === "DIRECTORY") ? "perhaps" : "none";
}
