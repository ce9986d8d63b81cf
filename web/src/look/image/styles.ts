/** The reason why an image is not drawn, in words. */
export class Refusal extends Error {}

/** Declarations of a style sheet that refer to other elements, by their ids. */
export interface Rule {
  /** The selector of the elements that they are for; undefined if that is not certain. */
  selector: string | undefined;
  ids: readonly string[];
}

const unchecked = "The image has styles that cannot be checked for safety.";

const styled = /^(?:mask|clip-path|filter|fill|stroke|marker.*)$/; // attributes whose values are written as in styles
const drawsOthers = /^(?:-webkit-)?(?:mask|clip-path|filter|all)/; // properties that are not inherited unless they say so
const inherits = /inherit|(?:var|attr|env|if)\(|--/i; // or may say so

// The following functions must take time in proportion to the length of a text, whatever it contains, since they are to keep the page from hanging. What
// they cannot follow, such as escapes, variables and inherited values, they refuse. So they must not be wrong about where a comment, a string, a declaration
// or a rule ends: otherwise one could be hidden from them.

/** The ids in the value of an attribute that is written as in styles, such as url(#id), or in a list of such values, as animations have it. */
export function idsOfAttribute(name: string, value: string): string[] {
  if (!styled.test(name)) return [];
  return partsOf(value).flatMap(({ text, ids, end }) => {
    const hides = text.includes("\\") || (drawsOthers.test(name) && inherits.test(text));
    if (hides || end === "{" || end === "}") throw new Refusal(unchecked);
    return ids;
  });
}

/** The ids in the attribute style. */
export function idsOfStyle(style: string): string[] {
  if (/data:/i.test(style)) throw new Refusal(unchecked);
  return partsOf(style).flatMap((part) => {
    if (part.end === "{" || part.end === "}") throw new Refusal(unchecked);
    return idsOfDeclaration(part);
  });
}

const groups = /^@(?:media|supports|layer|container)(?![\w-])/i; // what contains rules as a sheet does

/** The rules of a style sheet that refer to other elements. */
export function rulesOf(sheet: string): Rule[] {
  if (/data:/i.test(sheet)) throw new Refusal(unchecked);
  const rules: Rule[] = [];
  const add = (selector: string | undefined, ids: readonly string[]) => {
    if (ids.length > 0) rules.push({ selector, ids });
  };
  const open: ({ group: true } | { group: false; selector: string | undefined })[] = [];
  for (const part of partsOf(sheet)) {
    const inner = open.at(-1);
    const outside = inner === undefined || inner.group;
    if (part.end === "{") {
      const prelude = part.text.trim();
      add(undefined, part.ids);
      if (outside && groups.test(prelude)) open.push({ group: true });
      else open.push({ group: false, selector: outside && !prelude.startsWith("@") ? prelude : undefined });
      continue;
    }
    if (outside) add(undefined, part.ids);
    else add(inner.selector, idsOfDeclaration(part));
    if (part.end === "}") open.pop();
  }
  return rules;
}

/** The ids in a url, which may be absolute. Browsers decode a fragment, and trim an address. */
export function idsOfAddress(url: string): string[] {
  const hash = url.indexOf("#");
  if (hash < 0) return [];
  const id = url.slice(hash + 1);
  let decoded = id;
  try {
    decoded = decodeURIComponent(id);
  } catch {
    // It is not encoded.
  }
  return [...new Set([id, id.trim(), decoded, decoded.trim()])];
}

/** A part of styles up to a brace or a semicolon. In the text, there are no comments, and strings and addresses are empty. */
interface Part {
  text: string;
  ids: readonly string[];
  end: "{" | "}" | ";" | "";
}

function idsOfDeclaration({ text, ids }: Part): readonly string[] {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(0, colon)).trim().toLowerCase();
  const hides = text.includes("\\") || /element\(/i.test(text) || (name.startsWith("--") && ids.length > 0) || (drawsOthers.test(name) && inherits.test(text.slice(colon)));
  if (hides) throw new Refusal(unchecked);
  return ids;
}

function partsOf(styles: string): Part[] {
  const parts: Part[] = [];
  let text = "";
  let ids: string[] = [];
  let brackets = 0;
  const part = (end: Part["end"]) => {
    parts.push({ text, ids, end });
    [text, ids] = ["", []];
  };
  for (let at = 0; at < styles.length; ) {
    const c = styles[at] ?? "";
    if (c === "/" && styles[at + 1] === "*") {
      const end = styles.indexOf("*/", at + 2);
      at = end < 0 ? styles.length : end + 2; // it is not even a space: g/**/.a is g.a
    } else if (c === '"' || c === "'") {
      at = stringAt(styles, at).end;
      text += c + c;
    } else if (c === "(" && /^url$/i.test(styles.slice(Math.max(0, at - 3), at))) {
      const address = addressAt(styles, at + 1);
      ids.push(...idsOfAddress(address.text));
      at = address.end;
      text += "()";
    } else if (c === "\\") {
      text += styles.slice(at, at + 2);
      at += 2;
    } else {
      if ((c === "{" || c === "}") && brackets > 0) throw new Refusal(unchecked);
      if (c === "(" || c === "[") brackets++;
      if (c === ")" || c === "]") brackets = Math.max(0, brackets - 1);
      if (c === "{" || c === "}" || (c === ";" && brackets === 0)) part(c);
      else text += c;
      at++;
    }
  }
  part("");
  return parts;
}

/** The string that begins with the quote at an index. One that the line ends is an error, after which browsers read on in their own way. */
function stringAt(styles: string, from: number): { text: string; end: number } {
  for (let at = from + 1; at < styles.length; at++) {
    const c = styles[at] ?? "";
    if (c === styles[from]) return { text: styles.slice(from + 1, at), end: at + 1 };
    if (c === "\\") at++;
    else if (/[\n\r\f]/.test(c)) break;
  }
  throw new Refusal(unchecked);
}

/** The address after "url(", and where the parenthesis has ended. */
function addressAt(styles: string, from: number): { text: string; end: number } {
  let at = from;
  while (/\s/.test(styles[at] ?? "")) at++;
  const quoted = styles[at] === '"' || styles[at] === "'" ? stringAt(styles, at) : undefined;
  const close = styles.indexOf(")", quoted?.end ?? at);
  const end = close < 0 ? styles.length : close;
  const text = quoted?.text ?? styles.slice(at, end);
  const strange = text.includes("\\") || (quoted === undefined ? /["'(]/.test(text) : styles.slice(quoted.end, end).trim() !== "");
  if (strange) throw new Refusal(unchecked);
  return { text, end: close < 0 ? end : end + 1 };
}
