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

/** A name in the form in which names are compared: in lower case and composed. Mac file systems store é as two characters, which keyboards type as one. */
export function sought(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/**
 * The entries that a view shows, in its order: directories first, ties in the order of names. Items must come in the byte order of their names, in which
 * there are no ties.
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

/** Whether a view shows entries in the order of the server, so that it can be shown before all are loaded. */
export function asItComes(view: View): boolean {
  return view.sort === "name" && !view.descending && view.filter === "";
}
