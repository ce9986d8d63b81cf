const longest = 100_000; // characters of a cell or an output

/** The beginning of a text that is shown, and a note about the rest, or "". */
export function cut(text: string): [shown: string, rest: string] {
  if (text.length <= longest) return [text, ""];
  return [text.slice(0, longest), `${(text.length - longest).toLocaleString("en")} more characters are not shown. Choose “Text” to see them.`];
}
