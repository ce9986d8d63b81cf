import { wordsFor } from "../api/client";

/** Characters that the server looks for, at least. */
export const shortest = 3;

/** How a search among files stands. */
export interface Search {
  /** It has not been answered yet. */
  looking: boolean;
  /** Why it failed; null: it did not. */
  error: unknown;
  /** It did not get through everything. */
  partial: boolean;
}

/** What is said below what was found for a text; found: how many things were. "": what was found speaks for itself. */
export function noteOf(text: string, found: number, { looking, error, partial }: Search): string {
  if (text === "") return "";
  if (text.length < shortest) return "Three letters at least.";
  if (looking) return "Looking…";
  if (error !== null) return wordsFor(error);
  if (partial) return "The search did not get through everything.";
  return found === 0 ? "Nothing is called that." : "";
}
