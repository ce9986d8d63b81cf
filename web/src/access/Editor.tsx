import { useState, type ReactElement } from "react";
import { count } from "../format";
import { projectOf, visible, type Path } from "../path";
import { Bits } from "./Bits";
import { changeOf, entryRows, has, isUntouched, rights, type AccessChange, type AccessState, type Draft } from "./draft";
import { Entries } from "./Entries";
import { Mask } from "./Mask";
import { Outcome } from "./Outcome";
import { usePreview } from "./states";

interface EditorProps {
  states: readonly AccessState[];
  draft: Draft;
  onDraft: (draft: Draft) => void;
  below: boolean;
  onBelow: (below: boolean) => void;
  onSave: (change: AccessChange) => void;
  onCancel: () => void;
}

/** Everything that decides who may do what with some files or directories, and what a change of it would come to. */
export function Editor({ states, draft, onDraft, below, onBelow, onSave, onCancel }: EditorProps): ReactElement {
  const [executeEverywhere, setExecuteEverywhere] = useState(false);
  const mine = states.filter((s) => s.mayChange);
  const [shown, setShown] = useState<Path>(mine[0]?.path ?? "");
  const directories = states.filter((s) => s.directory);
  const mixes = directories.length > 0 && (below || directories.length < states.length);
  const change = changeOf(draft, mixes && touchesExecute(draft) && !executeEverywhere);
  const fixed = mine.length === 0;
  const of = usePreview(shown, change, !fixed);
  const edit = { states, draft, onChange: onDraft, fixed };
  const after = of.settled ? of.preview.data?.after : undefined;
  return (
    <div className={fixed ? "access" : "access both"}>
      <div className="access-edit">
        {fixed && <Fixed states={states} />}
        {!fixed && mine.length < states.length && (
          <p className="notice">
            {count(states.length - mine.length, "entry is", "entries are")} not yours to change; at the end it is said which.
          </p>
        )}
        <Bits {...edit} />
        <section aria-label="Access list">
          <h3>Access list</h3>
          <p className="faint">People and groups who may more, or less, than the owner’s, the group’s and others’ boxes say.</p>
          <Entries scope="access" {...edit} />
          <Mask {...edit} after={after} />
        </section>
        {directories.length > 0 && <Defaults {...edit} />}
      </div>
      {!fixed && (
        <div className="access-side">
          <Outcome of={of} draft={draft} paths={mine.map((s) => s.path)} path={shown} onPath={setShown} />
          {directories.length > 0 && (
            <label className="check">
              <input type="checkbox" checked={below} onChange={(e) => onBelow(e.target.checked)} />
              <span>
                And everything below
                <span className="faint">Only what you touched is changed there. What others share, and the trash, stay as they are.</span>
              </span>
            </label>
          )}
          {mixes && touchesExecute(draft) && (
            <label className="check">
              <input type="checkbox" checked={!executeEverywhere} onChange={(e) => setExecuteEverywhere(!e.target.checked)} />
              <span>
                Enter is for directories only
                <span className="faint">Files can be executed, or not, as before.</span>
              </span>
            </label>
          )}
        </div>
      )}
      <div className="ends access-ends">
        <button type="button" onClick={onCancel}>
          {fixed ? "Close" : "Cancel"}
        </button>
        {!fixed && (
          <button type="button" className="primary" disabled={isUntouched(draft) || of.preview.error !== null} onClick={() => onSave(change)}>
            {below ? "Save for all below" : states.length > 1 ? `Save for ${states.length}` : "Save"}
          </button>
        )}
      </div>
    </div>
  );
}

/** Whether a draft has to do with the right to execute or enter. */
function touchesExecute(draft: Draft): boolean {
  return Object.keys(draft.bits).some((bit) => bit.endsWith(" x")) || Object.values(draft.entries).some((e) => e !== null && has(e.may, "x"));
}

function Fixed({ states }: { states: readonly AccessState[] }): ReactElement {
  const [first] = states;
  const project = projectOf(first?.path ?? "/");
  return (
    <p className="notice">
      {states.length === 1 ? "This is not yours to change." : "None of these is yours to change."} {first !== undefined && states.length === 1 && <>Its owner, <bdi>{visible(first.owner)}</bdi>, can, </>}
      {states.length === 1 ? "and " : "Their owners can, and "}
      {project === undefined ? "superusers" : `data owners of ${visible(project)}`}. An archived project is changed by nobody.
    </p>
  );
}

function Defaults({ states, draft, onChange, fixed }: { states: readonly AccessState[]; draft: Draft; onChange: (draft: Draft) => void; fixed: boolean }): ReactElement {
  const directories = states.filter((s) => s.directory);
  const rows = entryRows(directories, draft, "default");
  const stored = directories.some((s) => s.entries.some((e) => e.default));
  const mask = directories.length === 1 ? directories[0]?.entries.find((e) => e.default && e.type === "mask") : undefined;
  return (
    <details className="access-defaults" open={rows.length > 0 || undefined}>
      <summary>
        <h3>What new entries start with</h3> <span className="faint">{draft.dropDefault ? "will be removed" : rows.length === 0 ? "no default list" : count(rows.length, "default entry", "default entries")}</span>
      </summary>
      <p className="faint">The default access list: whatever is made in this directory from now on gets it. What is there already stays as it is.</p>
      {!draft.dropDefault && <Entries scope="default" states={states} draft={draft} onChange={onChange} fixed={fixed} />}
      {mask !== undefined && !draft.dropDefault && rights.some((r) => !has(mask.may, r)) && (
        <p className="faint">
          Its mask leaves at most <code>{mask.may}</code>.
        </p>
      )}
      {stored && !fixed && (
        <button
          type="button"
          onClick={() =>
            onChange({ ...draft, dropDefault: !draft.dropDefault, entries: Object.fromEntries(Object.entries(draft.entries).filter(([key]) => !key.startsWith("default:"))) })
          }
        >
          {draft.dropDefault ? "Keep the default list" : "Remove the default list"}
        </button>
      )}
    </details>
  );
}
