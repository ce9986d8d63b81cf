import type { FileStatus } from "../api/client";

const names: readonly string[] = ["README.md", "README", "README.txt"]; // the server takes the first that there is

/** The file in which a directory says of itself what it is, if there is one among its entries. */
export function readmeIn(entries: readonly FileStatus[]): FileStatus | undefined {
  for (const name of names) {
    const found = entries.find((entry) => entry.pathSuffix === name && entry.type === "FILE" && entry.length > 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
