import { join, nameOf, parentOf, type Path } from "../path";

/** A path beside path that is not taken: "run.csv" becomes "run (2).csv", then "run (3).csv". */
export function besides(path: Path, taken: (path: Path) => boolean): Path {
  const name = nameOf(path);
  const numbered = /^(.*) \((\d+)\)(\.[^.]*)?$/s.exec(name);
  const dot = name.lastIndexOf(".");
  const [stem, ending, first] = numbered
    ? [numbered[1] ?? "", numbered[3] ?? "", Number(numbered[2]) + 1]
    : dot > 0
      ? [name.slice(0, dot), name.slice(dot), 2]
      : [name, "", 2];
  for (let n = first; ; n++) {
    const other = join(parentOf(path), `${stem} (${n})${ending}`);
    if (!taken(other)) return other;
  }
}
