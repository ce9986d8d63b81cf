import { inMount, nameOf, namesOf, parentOf, projectOf, visible, within, type Path } from "../path";

/** What is done with entries. */
export type Deed = "move" | "copy";

/** Why entries cannot be moved or copied into a directory, in words, as far as their paths tell; undefined if they can. */
export function transferFault(deed: Deed, paths: readonly Path[], into: Path): string | undefined {
  for (const path of paths) {
    if (within(into, path)) {
      return into === path ? `“${visible(nameOf(path))}” cannot be moved or copied into itself.` : `“${visible(nameOf(path))}” cannot be moved or copied into one of its own subfolders.`;
    }
  }
  if (deed === "move" && paths.every((path) => parentOf(path) === into)) return "Already in this folder.";
  return undefined;
}

/**
 * Whether a directory is in another project than some entries. Content is sealed with its project's key, so it can only be copied there, not moved. What a
 * project shows of others is in their projects.
 */
export function leavesProject(paths: readonly Path[], into: Path): boolean {
  return paths.some((path) => ownerOf(path) !== ownerOf(into));
}

/** What stands for the project that the content at a path belongs to: the project in the path, or the mount of a share. */
function ownerOf(path: Path): string | undefined {
  return inMount(path) ? namesOf(path).slice(0, 4).join("/") : projectOf(path);
}
