import type { Value } from "./tree";

/** A number that JavaScript cannot represent exactly, as its digits in the text. */
export class Exact {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  toJSON(): number {
    return Number(this.digits);
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

const nan = "\ue000NaN"; // stands for NaN while a text is parsed

/** The text with NaN and Infinity, where they are values, in a form that JSON has: Python, and so most logs of trainings, write them as they are. */
function withoutWords(text: string): string {
  let quoted = false;
  return text.replace(/\\.|"|NaN|-?Infinity/gs, (found) => {
    if (found === '"') quoted = !quoted;
    if (quoted || found === '"' || found.startsWith("\\")) return found;
    return found === "NaN" ? `"${nan}"` : found.startsWith("-") ? " -1e999" : " 1e999"; // which are infinite
  });
}

/**
 * Parses JSON, in which NaN, Infinity and -Infinity may be values. Numbers that JavaScript cannot represent keep their digits, if the browser supports that.
 * It throws a SyntaxError for invalid JSON.
 */
export function readJson(text: string): Value {
  try {
    return parsed(text, false);
  } catch (e) {
    if (!/NaN|Infinity/.test(text)) throw e;
    try {
      return parsed(withoutWords(text), true);
    } catch {
      throw e; // with a place in the text as it is
    }
  }
}

/** Parses JSON in which nan stands for NaN, if there are words. */
function parsed(text: string, words: boolean): Value {
  if (!words && !/\d{16}/.test(text)) return JSON.parse(text) as Value;
  const keep = (_: string, value: unknown, context?: Source) => {
    if (words && value === nan) return NaN;
    return typeof value === "number" && context?.source !== undefined && /\d{16}/.test(context.source) && String(value) !== context.source ? new Exact(context.source) : value;
  };
  try {
    return JSON.parse(text, keep) as Value;
  } catch (e) {
    if (e instanceof RangeError) return JSON.parse(text) as Value; // nested too deeply for a reviver
    throw e;
  }
}

/** The key that marks an invalid line. */
export const unread = "⚠ This line is not valid JSON";

/**
 * Parses a file that is called JSON. It may as well have a value in each line: Spark and many datasets use the ending .json for those. It throws a
 * SyntaxError if it is neither.
 */
export function readEither(text: string): Value {
  try {
    return readJson(text);
  } catch (e) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2) throw e;
    try {
      return lines.map(readJson);
    } catch {
      throw e;
    }
  }
}

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
