import type { FileStatus } from "../api/client";
import type { View } from "../place";

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(a: FileStatus, b: FileStatus, sort: View["sort"]): number {
  switch (sort) {
    case "name":
      return byName.compare(a.pathSuffix, b.pathSuffix);
    case "size":
      return a.length - b.length;
    case "changed":
      return a.modificationTime - b.modificationTime;
    case "owner":
      return byName.compare(a.owner, b.owner);
  }
}

/** A name as it is looked for: in small letters, and composed. File systems of Macs have é as two characters, which keyboards write as one. */
export function sought(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/**
 * The entries that a view shows, in its order: directories first, equals in the order of their names. items are in the byte order of
 * their names, in which no two are equal.
 */
export function arrange(items: readonly FileStatus[], view: View): readonly FileStatus[] {
  const wanted = sought(view.filter);
  const shown = wanted === "" ? items.slice() : items.filter((item) => sought(item.pathSuffix).includes(wanted));
  const turn = view.descending ? -1 : 1;
  return shown.sort(
    (a, b) =>
      Number(b.type === "DIRECTORY") - Number(a.type === "DIRECTORY") ||
      turn * compare(a, b, view.sort) ||
      byName.compare(a.pathSuffix, b.pathSuffix) ||
      (a.pathSuffix < b.pathSuffix ? -1 : 1),
  );
}

/** Whether a view shows entries in the order in which they come, so that it can be shown before all have come. */
export function asItComes(view: View): boolean {
  return view.sort === "name" && !view.descending && view.filter === "";
}
