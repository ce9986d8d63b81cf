import { join, longestName, nameOf, parentOf, type Path } from "../path";

/** A free path next to path: "run.csv" becomes "run (2).csv", then "run (3).csv". If the name would be too long, the end of its stem is cut off. */
export function besides(path: Path, taken: (path: Path) => boolean): Path {
  const name = nameOf(path);
  const numbered = /^(.*) \((\d{1,9})\)(\.[^.]*)?$/s.exec(name); // the next number of a longer one may be the same in floating point
  const dot = name.lastIndexOf(".");
  const [stem, ending, first] = numbered
    ? [numbered[1] ?? "", numbered[3] ?? "", Number(numbered[2]) + 1]
    : dot > 0
      ? [name.slice(0, dot), name.slice(dot), 2]
      : [name, "", 2];
  for (let n = first; ; n++) {
    const other = join(parentOf(path), fitting(stem, ` (${n})${ending}`));
    if (!taken(other)) return other;
  }
}

/** A stem and an ending as one name. If it would be too long, the end of the stem is cut off. */
function fitting(stem: string, ending: string): string {
  const room = longestName - bytesOf(ending);
  if (room <= 0) return stem + ending; // the server will refuse it with a message
  const letters = [...stem];
  for (let size = bytesOf(stem); size > room; ) size -= bytesOf(letters.pop() ?? "");
  return letters.join("") + ending;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
