import type { Value } from "./tree";

/** A number that JavaScript cannot represent exactly, as its digits in the text. */
export class Exact {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** Whether a value is such a number. */
export function exact(value: unknown): value is Exact {
  return value instanceof Exact;
}

/** The third argument of a reviver in browsers that pass the source text of a number (proposal-json-parse-with-source). */
interface Source {
  source?: string;
}

/** Parses JSON. Numbers that JavaScript cannot represent keep their digits, if the browser supports that. It throws a SyntaxError for invalid JSON. */
export function readJson(text: string): Value {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Value;
  const keep = (_: string, value: unknown, context?: Source) =>
    typeof value === "number" && context?.source !== undefined && /\d{16}/.test(context.source) && String(value) !== context.source ? new Exact(context.source) : value;
  try {
    return JSON.parse(text, keep) as Value;
  } catch (e) {
    if (e instanceof RangeError) return JSON.parse(text) as Value; // nested too deeply for a reviver
    throw e;
  }
}

/** The key that marks an invalid line. */
export const unread = "⚠ This line is not valid JSON";

/** Parses JSON lines into a list. Invalid lines become objects with the key unread. If the text is cut off, the last line is left out. */
export function readLines(text: string, whole: boolean): Value[] {
  const lines = text.split("\n");
  if (!whole) lines.pop();
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      try {
        return readJson(line);
      } catch {
        return { [unread]: line.slice(0, 2000) };
      }
    });
}
