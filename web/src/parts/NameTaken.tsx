import { useState, type ReactElement } from "react";
import { nameOf, parentOf, visible, visibleName, type Path } from "../path";

/** How to resolve a conflict with an existing name. */
export type Resolution = "replace" | "keep both" | "skip";

export interface NameTakenProps {
  path: Path;
  /** The number of other conflicts. */
  more: number;
  /** A further sentence. */
  note?: string;
  onChoose: (how: Resolution, forAll: boolean) => void;
}

/** Asks how to resolve a conflict with an existing name. */
export function NameTaken({ path, more, note, onChoose }: NameTakenProps): ReactElement {
  const [forAll, setForAll] = useState(more > 0);
  return (
    <div className="conflict" role="alertdialog" aria-label="Name already taken">
      <p>
        <strong>{visibleName(nameOf(path))}</strong> already exists in <code className="wrap">{visible(parentOf(path))}</code>
        {more > 0 && `, and so ${more === 1 ? "does" : "do"} ${more.toLocaleString("en")} more`}.{note !== undefined && ` ${note}`}
      </p>
      <label className="check">
        <input type="checkbox" checked={forAll} onChange={(e) => setForAll(e.target.checked)} /> Do this for all conflicts
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
