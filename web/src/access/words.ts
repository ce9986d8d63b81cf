import { count } from "../format";
import { visible } from "../path";
import { has, type May } from "./draft";

/** What rights allow with a directory or a file, in words. */
export function mayWords(may: May, directory: boolean, manages = false): string {
  const words = directory
    ? [has(may, "r") && "list", has(may, "w") && "change", has(may, "x") && "enter"]
    : [has(may, "r") && "read", has(may, "w") && "write", has(may, "x") && "execute"];
  const said = [...words, manages && "manage"].filter((word) => word !== false);
  return said.length === 0 ? "nothing" : said.join(", ");
}

/** What gives a user their access (Access.through in the API), in words. */
export function throughWords(through: string | undefined): string {
  if (through === undefined || through === "") return "";
  if (through.startsWith("user:")) return "their own entry in the access list";
  if (through.startsWith("group:")) return `the access list entry of group ${visible(through.slice(6))}`;
  if (through.startsWith("share:")) return "a share";
  const known: Readonly<Record<string, string>> = {
    superuser: "superuser", "role:owner": "data owner of the project", "role:observer": "observer of the project", owner: "owner", group: "owning group", public: "public dataset", other: "permissions for others",
  };
  return known[through] ?? through;
}

/** Paths in words: a single one by its name, several as a count. */
export function pathsWords(names: readonly string[]): string {
  const [first] = names;
  return names.length === 1 && first !== undefined ? `“${visible(first) || "/"}”` : count(names.length, "item");
}
