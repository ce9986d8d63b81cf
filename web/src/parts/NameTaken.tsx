import { useState, type ReactElement } from "react";
import { nameOf, parentOf, visible, visibleName, type Path } from "../path";

/** What becomes of an entry whose name is taken. */
export type Resolution = "replace" | "keep both" | "skip";

export interface NameTakenProps {
  path: Path;
  /** How many others wait for the same question. */
  more: number;
  /** What there is to know besides, as a sentence. */
  note?: string;
  onChoose: (how: Resolution, forAll: boolean) => void;
}

/** Asks what becomes of an entry whose name is taken. */
export function NameTaken({ path, more, note, onChoose }: NameTakenProps): ReactElement {
  const [forAll, setForAll] = useState(more > 0);
  return (
    <div className="conflict" role="alertdialog" aria-label="A name is taken">
      <p>
        <strong>{visibleName(nameOf(path))}</strong> is already in <code className="wrap">{visible(parentOf(path))}</code>
        {more > 0 && `, and ${more} more are there, too`}.{note !== undefined && ` ${note}`}
      </p>
      <label className="check">
        <input type="checkbox" checked={forAll} onChange={(e) => setForAll(e.target.checked)} /> Do the same with all
      </label>
      <div className="row">
        <button type="button" onClick={() => onChoose("keep both", forAll)}>
          Keep both
        </button>
        <button type="button" onClick={() => onChoose("replace", forAll)}>
          Replace
        </button>
        <button type="button" onClick={() => onChoose("skip", forAll)}>
          Skip
        </button>
      </div>
    </div>
  );
}
