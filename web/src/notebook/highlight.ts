import { classHighlighter, highlightCode } from "@lezer/highlight";

/** A piece of code in one look, named by classes of classHighlighter: tok-keyword, tok-string; "" for none. */
export interface Piece {
  text: string;
  look: string;
}

const longest = 20_000; // characters; longer code is shown plainly

/** Takes code apart by what its pieces are. Languages other than Python, which nearly all notebooks are in, are one plain piece. */
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
