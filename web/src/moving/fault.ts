import { nameOf, parentOf, projectOf, visible, within, type Path } from "../path";

/** What somebody wants done with entries: "move" them, or "copy" them. */
export type Deed = "move" | "copy";

/** Why entries cannot be moved or copied into a directory, in words, as far as their paths say it; undefined: they may. */
export function transferFault(deed: Deed, paths: readonly Path[], into: Path): string | undefined {
  for (const path of paths) {
    if (within(into, path)) {
      return into === path ? `“${visible(nameOf(path))}” cannot be put into itself.` : `“${visible(nameOf(path))}” cannot be put into a folder that is in it.`;
    }
  }
  if (deed === "move" && paths.every((path) => parentOf(path) === into)) return "They are there already.";
  return undefined;
}

/** Whether entries that lie in one directory would come to another project: their content is sealed anew there, so nothing is moved, but copied. */
export function leavesProject(paths: readonly Path[], into: Path): boolean {
  return paths.some((path) => projectOf(path) !== projectOf(into));
}
