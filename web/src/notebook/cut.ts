const longest = 100_000; // characters of a cell, or of an output

/** The beginning of a text as far as it is shown, and what is left out in words, "" for nothing. */
export function cut(text: string): [shown: string, rest: string] {
  if (text.length <= longest) return [text, ""];
  return [text.slice(0, longest), `${(text.length - longest).toLocaleString("en")} more characters are not shown; they are in its text.`];
}
