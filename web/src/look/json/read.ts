import type { Value } from "./tree";

/** A number that JavaScript cannot hold, by its digits in the text. */
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

/** What the third argument of a reviver holds where browsers tell a number's text (proposal-json-parse-with-source). */
interface Source {
  source?: string;
}

/** Reads a JSON text. Numbers with more digits than JavaScript keeps stay as they are written, where the browser tells. It throws a SyntaxError for what is none. */
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

/** A line of JSON lines that is none. */
export const unread = "⚠ This line is no JSON";

/** Reads JSON lines as a list of what each holds; the words of a fault stand for what is none. The last line is left out where the text is cut off. */
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
