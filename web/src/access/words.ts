import { count } from "../format";
import { visible } from "../path";
import { has, type May } from "./draft";

/** What rights let somebody do with a directory or a file, in words. */
export function mayWords(may: May, directory: boolean, manages = false): string {
  const words = directory
    ? [has(may, "r") && "list", has(may, "w") && "change", has(may, "x") && "enter"]
    : [has(may, "r") && "read", has(may, "w") && "write", has(may, "x") && "execute"];
  const said = [...words, manages && "manage"].filter((word) => word !== false);
  return said.length === 0 ? "nothing" : said.join(", ");
}

/** Through what somebody may do something, as Access.through of the API has it, in words. */
export function throughWords(through: string | undefined): string {
  if (through === undefined || through === "") return "";
  if (through.startsWith("user:")) return "an entry of their own";
  if (through.startsWith("group:")) return `the entry of group ${visible(through.slice(6))}`;
  if (through.startsWith("share:")) return "a share";
  const known: Readonly<Record<string, string>> = {
    superuser: "superuser", "role:owner": "data owner of the project", "role:observer": "observer of the project", owner: "its owner", group: "the owning group", public: "published to all", other: "as everybody",
  };
  return known[through] ?? through;
}

/** Paths in words: one by its name, several by their number. */
export function pathsWords(names: readonly string[]): string {
  const [first] = names;
  return names.length === 1 && first !== undefined ? `“${visible(first) || "/"}”` : count(names.length, "entry", "entries");
}
