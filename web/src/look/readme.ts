import type { FileStatus } from "../api/client";

const names: readonly string[] = ["README.md", "README", "README.txt"]; // in the server's order of preference

/** The README among the entries of a directory, if there is one. */
export function readmeIn(entries: readonly FileStatus[]): FileStatus | undefined {
  for (const name of names) {
    const found = entries.find((entry) => entry.pathSuffix === name && entry.type === "FILE" && entry.length > 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
