import { visible } from "../path";

/** Replaces characters that are invisible, or that reverse the text around them, by the escapes of Python and shells. */
function plainly(text: string): string {
  const number = (c: string) => (c.codePointAt(0) ?? 0).toString(16);
  return [...text].map((c) => (visible(c) === c ? c : c.length > 1 ? `\\U${number(c).padStart(8, "0")}` : `\\u${number(c).padStart(4, "0")}`)).join("");
}

/** A text as a Python string literal. */
export function pythonText(text: string): string {
  return `"${plainly(text.replace(/["\\]/g, "\\$&"))}"`;
}

/** A text as one word of a bash or zsh command. */
export function shellWord(text: string): string {
  if (visible(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${plainly(text.replace(/['\\]/g, "\\$&"))}'`;
}
