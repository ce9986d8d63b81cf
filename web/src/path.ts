/** An absolute path on the server, as the API takes it: names behind slashes. "/" is the root. */
export type Path = string;

/** The names of a path, the topmost first. Names hold anything but slashes, NUL and colons, so they are never decoded. */
export function namesOf(path: Path): string[] {
  return path.split("/").filter((name) => name !== "");
}

/** The last name of a path, "" for the root. */
export function nameOf(path: Path): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The directory that a path lies in; the root lies in itself. */
export function parentOf(path: Path): Path {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The path of what is called name in the directory dir; name may be several names with slashes between them. */
export function join(dir: Path, name: string): Path {
  return dir === "/" ? `/${name}` : `${dir}/${name}`;
}

/** Whether path is dir or lies below it. */
export function within(path: Path, dir: Path): boolean {
  return path === dir || dir === "/" || path.startsWith(`${dir}/`);
}

/** The name of the project that a path lies in, undefined outside of projects. */
export function projectOf(path: Path): string | undefined {
  const names = namesOf(path);
  return names[0] === "Projects" ? names[1] : undefined;
}

/** A path as a part of a URL: each name is encoded on its own. */
export function encodePath(path: Path): string {
  return namesOf(path).map(encodeURIComponent).join("/");
}

/** Bytes of a name, at most. */
export const longestName = 255;

/**
 * What is wrong with text as a name of a file or directory, in words for whoever typed it; undefined: nothing.
 * The rules are the server's (namespace/path.go).
 */
export function nameFault(text: string): string | undefined {
  if (text === "") return "A name needs at least one character.";
  if (text === "." || text === "..") return `“${text}” stands for a directory itself; choose another name.`;
  for (const [sign, called] of [["/", "a slash"], ["\0", "a NUL"], [":", "a colon"]] as const) {
    if (text.includes(sign)) return `A name cannot hold ${called}.`;
  }
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > longestName) return `The name has ${bytes} bytes; at most ${longestName} are possible.`;
  return undefined;
}

// What is drawn as nothing, or turns text around: control characters, line separators, marks of annotations, and all that Unicode lets programs leave out. What chooses the
// form of an emoji that stands before it is left.
const hidden = /[\p{Cc}\u2028\u2029\ufff9-\ufffb]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}|(?<!\p{Extended_Pictographic})[\ufe00-\ufe0f]/gu;

const byNumber = (c: string) => `⟨${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** A text as it is shown: characters that would hide, or turn around what stands beside them, are made visible. */
export function visible(text: string): string {
  return text.replace(hidden, byNumber);
}

/** A name as it is shown by itself: spaces at its ends, and several together, which nobody would see, are made visible, too. */
export function visibleName(name: string): string {
  return visible(name).replace(/^ | $|(?<= ) | (?= )/g, byNumber);
}
