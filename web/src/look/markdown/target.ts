import { join, namesOf, type Path } from "../../path";

/** Where a link, or an image, of a text leads. */
export type Target =
  | { to: "file"; path: Path; fragment: string }
  | { to: "here"; fragment: string }
  | { to: "elsewhere"; address: string; host: string }
  | { to: "nowhere" };

/**
 * What an address in a text of the directory dir stands for. Addresses without a scheme are paths, as the text's folder would be on a disk. Of schemes only
 * those of pages and of mail lead anywhere: javascript: and data: would be the text's author acting as its reader.
 */
export function targetOf(address: string, dir: Path): Target {
  const text = address.replace(/[\u0000-\u0020\u007f]/g, (c) => (c === " " ? c : "")).trim(); // browsers leave them out, too
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (scheme !== "http" && scheme !== "https" && scheme !== "mailto") return { to: "nowhere" };
    try {
      const url = new URL(text);
      return { to: "elsewhere", address: url.href, host: scheme === "mailto" ? url.pathname : url.host };
    } catch {
      return { to: "nowhere" };
    }
  }
  if (text.startsWith("//") || text.startsWith("\\") || text.startsWith("/\\") || text.includes(":")) return { to: "nowhere" }; // no name holds a colon
  const [, before = "", fragment = ""] = /^([^#]*)#?([^]*)$/.exec(text) ?? [];
  const [file = ""] = before.split("?");
  if (file === "") return { to: "here", fragment };
  let names: string[];
  try {
    names = file.split("/").map(decodeURIComponent);
  } catch {
    return { to: "nowhere" };
  }
  const path = file.startsWith("/") ? [] : namesOf(dir);
  for (const name of names) {
    if (name.includes("/") || name.includes("\0")) return { to: "nowhere" };
    if (name === "..") path.pop();
    else if (name !== "" && name !== ".") path.push(name);
  }
  return { to: "file", path: path.reduce((at, name) => join(at, name), "/"), fragment };
}
