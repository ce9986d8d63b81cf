import { useEffect, useState, type ReactElement } from "react";
import { nameOf, parentOf, visibleName, type Path } from "../path";
import { PathText } from "./PathText";

/** How to resolve a conflict with an existing name. */
export type Resolution = "replace" | "keep both" | "skip";

/** A name that is already taken. */
export interface Conflict {
  readonly id: number;
  /** The same for all that were begun together. */
  readonly group: number;
  readonly path: Path;
}

interface NameTakenProps {
  conflicts: readonly Conflict[];
  /** A further sentence. */
  note?: string;
  onChoose: (id: number, how: Resolution, forAll: boolean) => void;
}

interface Asked {
  /** The conflict that the user is asked about. */
  id: number;
  /** Whether the choice is to apply to all conflicts, by group. */
  forAll: ReadonlyMap<number, boolean>;
}

const settles = 500; // milliseconds; the second click of a double click comes within that time

/**
 * Asks how to resolve conflicts with existing names, one after the other. A question stays until its conflict is resolved, whatever else comes up, and
 * nothing is ticked again that the user has left unticked.
 */
export function NameTaken({ conflicts, note, onChoose }: NameTakenProps): ReactElement | null {
  const [asked, setAsked] = useState<Asked>({ id: 0, forAll: new Map() });
  const now = conflicts.find((c) => c.id === asked.id) ?? conflicts[0];
  if (now === undefined) return null;
  const { id, group, path } = now;
  const more = conflicts.filter((c) => c.group === group).length - 1;
  const forAll = asked.forAll.get(group) ?? more > 0;
  const tick = (on: boolean) => setAsked({ id, forAll: new Map(asked.forAll).set(group, on) });
  if (id !== asked.id || !asked.forAll.has(group)) tick(forAll);
  return <Question key={id} path={path} more={more} note={note} forAll={forAll} onForAll={tick} onChoose={(how) => onChoose(id, how, forAll)} />;
}

interface QuestionProps {
  path: Path;
  /** The number of other conflicts. */
  more: number;
  note: string | undefined;
  forAll: boolean;
  onForAll: (on: boolean) => void;
  onChoose: (how: Resolution) => void;
}

function Question({ path, more, note, forAll, onForAll, onChoose }: QuestionProps): ReactElement {
  // The question comes up under the pointer, in place of the one before: a click that was meant for that one must not answer this one, which nobody has read.
  const [read, setRead] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRead(true), settles);
    return () => clearTimeout(timer);
  }, []);
  const choice = (how: Resolution, label: string) => (
    <button type="button" disabled={!read} onClick={() => onChoose(how)}>
      {label}
    </button>
  );
  return (
    <div className="conflict" role="alertdialog" aria-label="Name already taken">
      <p>
        <strong>
          <bdi>{visibleName(nameOf(path))}</bdi>
        </strong>{" "}
        already exists in <PathText path={parentOf(path)} />
        {more > 0 && `, and so ${more === 1 ? "does" : "do"} ${more.toLocaleString("en")} more`}.{note !== undefined && ` ${note}`}
      </p>
      <label className="check">
        <input type="checkbox" checked={forAll} onChange={(e) => onForAll(e.target.checked)} /> Do this for all conflicts
      </label>
      <div className="row">
        {choice("keep both", "Keep both")}
        {choice("replace", "Replace")}
        {choice("skip", "Skip")}
      </div>
    </div>
  );
}
