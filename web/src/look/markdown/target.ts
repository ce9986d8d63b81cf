import { join, namesOf, type Path } from "../../path";

/** The target of a link or an image in a text. */
export type Target =
  | { to: "file"; path: Path; fragment: string }
  | { to: "here"; fragment: string }
  | { to: "elsewhere"; address: string; host: string }
  | { to: "nowhere" };

/**
 * The target of an address in a text of the directory dir. Addresses without a scheme are paths relative to dir. Of schemes, only http, https and mailto are
 * followed: javascript: and data: would let the author of the text act as its reader.
 */
export function targetOf(address: string, dir: Path): Target {
  const text = address.replace(/[\u0000-\u0020\u007f]/g, (c) => (c === " " ? c : "")).trim(); // browsers ignore them, too
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
  if (text.startsWith("//") || text.startsWith("\\") || text.startsWith("/\\") || text.includes(":")) return { to: "nowhere" }; // no name contains a colon
  const [, before = "", coded = ""] = /^([^#]*)#?([^]*)$/.exec(text) ?? [];
  const fragment = decoded(coded);
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

/** The heading that a fragment names. The parser has encoded all letters but those of English, in whichever way the text had them. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
