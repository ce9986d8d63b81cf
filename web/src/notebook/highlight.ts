import { classHighlighter, highlightCode } from "@lezer/highlight";

/** A piece of code with the same style, given as classes of classHighlighter such as tok-keyword; "" for none. */
export interface Piece {
  text: string;
  look: string;
}

const longest = 20_000; // characters; longer code is not highlighted

/** Highlights code. Only Python is supported, in which nearly all notebooks are written; other code is returned as one plain piece. */
export async function highlight(code: string, language: string): Promise<Piece[]> {
  if (!/^(i?python[23]?)$/.test(language) || code.length > longest) return [{ text: code, look: "" }];
  const { pythonLanguage } = await import("@codemirror/lang-python");
  const pieces: Piece[] = [];
  highlightCode(
    code,
    pythonLanguage.parser.parse(code),
    classHighlighter,
    (text, look) => pieces.push({ text, look }),
    () => pieces.push({ text: "\n", look: "" }),
  );
  return pieces;
}
