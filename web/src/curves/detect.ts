import type { FileStatus } from "../api/client";
import type { Entries } from "../listing/useListing";
import { projectOf, type Path } from "../path";

const asked = 5_000; // entries of a directory, above which nobody asks what lies below it

/** Whether TensorBoard would take a file for an event file, which it does by its name. */
function isEventFile(entry: FileStatus): boolean {
  return entry.type === "FILE" && entry.pathSuffix.includes("tfevents");
}

/**
 * What a listing says of curves: that there are some ("here"), that there may be some in the directories below, which the server has to be
 * asked about ("perhaps"), or that there are none ("none"). Nobody asks about all projects at once, nor about what is long.
 */
export function curvesIn(dir: Path, entries: Entries): "here" | "perhaps" | "none" {
  if (entries.items.some(isEventFile)) return "here";
  const small = entries.whole && entries.total <= asked && projectOf(dir) !== undefined;
  return small && entries.items.some((entry) => entry.type === "DIRECTORY") ? "perhaps" : "none";
}
