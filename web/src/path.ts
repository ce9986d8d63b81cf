/** An absolute path on the server, as the API takes it. "/" is the root. */
export type Path = string;

/** The names of a path, the topmost first. Names may contain anything but slashes, NUL and colons, so they are never decoded. */
export function namesOf(path: Path): string[] {
  return path.split("/").filter((name) => name !== "");
}

/** The last name of a path, "" for the root. */
export function nameOf(path: Path): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The directory that contains a path; for the root, the root itself. */
export function parentOf(path: Path): Path {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The path of name in the directory dir; name may be several names separated by slashes. */
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

/** Whether path is in a dataset that is shared with a project, as the project shows it: in the directory Shared, which has nothing else. */
export function inMount(path: Path): boolean {
  const names = namesOf(path);
  return names.length > 3 && names[0] === "Projects" && names[2] === "Shared";
}

/** A path as a part of a URL: each name is encoded on its own. */
export function encodePath(path: Path): string {
  return namesOf(path).map(encodeURIComponent).join("/");
}

/** The most bytes of a name. */
export const longestName = 255;

/**
 * What is wrong with text as the name of a file or directory, in words for the user; undefined if nothing is.
 * The rules are the server's (namespace/path.go).
 */
export function nameFault(text: string): string | undefined {
  if (text === "") return "Enter a name.";
  if (text === "." || text === "..") return `“${text}” has a special meaning and cannot be used as a name.`;
  for (const [sign, called] of [["/", "slashes"], ["\0", "NUL characters"], [":", "colons"]] as const) {
    if (text.includes(sign)) return `Names cannot contain ${called}.`;
  }
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > longestName) return `The name is too long: it has ${bytes} bytes, and the limit is ${longestName}.`;
  return undefined;
}

// Characters that are invisible or reverse text: control characters, line separators, interlinear annotations, and Unicode's default ignorables, except
// variation selectors after an emoji.
const hidden = /[\p{Cc}\u2028\u2029\ufff9-\ufffb]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}|(?<!\p{Extended_Pictographic})[\ufe00-\ufe0f]/gu;

const byNumber = (c: string) => `⟨${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** A text for display: characters that are invisible, or that reverse the text around them, are replaced by their numbers. */
export function visible(text: string): string {
  return text.replace(hidden, byNumber);
}

const blank = /^[\p{Zs}\u2800]|[\p{Zs}\u2800]$|(?<=[\p{Zs}\u2800])[\p{Zs}\u2800]|[\p{Zs}\u2800](?=[\p{Zs}\u2800])/gu; // 2800 is the blank of braille

/** A name for display on its own: leading, trailing and repeated spaces of any kind, which could not be seen, are made visible, too. */
export function visibleName(name: string): string {
  return visible(name).replace(blank, byNumber);
}
