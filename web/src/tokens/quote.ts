import { visible } from "../path";

/** Characters that would hide, or turn around what stands beside them, as numbers; others stay. */
function plainly(text: string, escape: (code: string) => string): string {
  return [...text].map((c) => (visible(c) === c ? c : escape(c.charCodeAt(0).toString(16).padStart(4, "0")))).join("");
}

/** A text as a literal of Python. */
export function pythonText(text: string): string {
  return `"${plainly(text.replace(/["\\]/g, "\\$&"), (code) => `\\u${code}`)}"`;
}

/** A text as one word of a command of bash and zsh. */
export function shellWord(text: string): string {
  if (visible(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${plainly(text.replace(/['\\]/g, "\\$&"), (code) => `\\u${code}`)}'`;
}
