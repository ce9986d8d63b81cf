import { visible } from "../path";

/** Characters that would hide, or turn around what stands beside them, as numbers, as Python and shells write them; others stay. */
function plainly(text: string): string {
  const number = (c: string) => (c.codePointAt(0) ?? 0).toString(16);
  return [...text].map((c) => (visible(c) === c ? c : c.length > 1 ? `\\U${number(c).padStart(8, "0")}` : `\\u${number(c).padStart(4, "0")}`)).join("");
}

/** A text as a literal of Python. */
export function pythonText(text: string): string {
  return `"${plainly(text.replace(/["\\]/g, "\\$&"))}"`;
}

/** A text as one word of a command of bash and zsh. */
export function shellWord(text: string): string {
  if (visible(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${plainly(text.replace(/['\\]/g, "\\$&"))}'`;
}
