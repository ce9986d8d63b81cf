import { wordsFor } from "../api/client";

/** The shortest text, in characters, that the server searches for. */
export const shortest = 3;

/** The state of a search for files. */
export interface Search {
  /** Whether the answer is still to come. */
  looking: boolean;
  /** The error, or null. */
  error: unknown;
  /** Whether the server stopped before it had searched everything. */
  partial: boolean;
}

/** The note below the results for a text, of which there are found; "" for none. */
export function noteOf(text: string, found: number, { looking, error, partial }: Search): string {
  if (text === "") return "";
  if (text.length < shortest) return "Type at least three characters to search files.";
  if (looking) return "Searching…";
  if (error !== null) return wordsFor(error);
  if (partial) return "There was too much to search. Some results may be missing.";
  return found === 0 ? "No results." : "";
}
