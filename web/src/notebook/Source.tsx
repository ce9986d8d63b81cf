import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { highlight, type Piece } from "./highlight";

interface SourceProps {
  text: string;
  /** The language of the code. Unknown ones are not highlighted. */
  language: string;
  label: string;
}

/** Highlighted code. */
export function Source({ text, language, label }: SourceProps): ReactElement {
  const pieces = useQuery({
    queryKey: ["highlighted", language, text],
    queryFn: () => highlight(text, language),
    staleTime: Infinity,
    gcTime: 0,
    retry: false, // it is readable without highlighting
  });
  return (
    <pre className="cell-source" tabIndex={0} role="region" aria-label={label}>
      {(pieces.data ?? [{ text, look: "" }]).map((piece: Piece, i) => (piece.look === "" ? piece.text : <span key={i} className={piece.look}>{piece.text}</span>))}
    </pre>
  );
}
