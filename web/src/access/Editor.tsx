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
  /** Whether a change of “enter” also lets files be executed. */
  executing: boolean;
  onExecuting: (executing: boolean) => void;
  onSave: (change: AccessChange) => void;
  onCancel: () => void;
}

/** The editor of everything that decides access to some files or folders, with a preview of what a change would do. */
export function Editor({ states, draft, onDraft, below, onBelow, executing, onExecuting, onSave, onCancel }: EditorProps): ReactElement {
  const mine = states.filter((s) => s.mayChange);
  const [shown, setShown] = useState<Path>(mine[0]?.path ?? "");
  const directories = states.filter((s) => s.directory);
  const mixes = directories.length > 0 && (below || directories.length < states.length);
  const change = changeOf(draft, mixes && touchesExecute(draft) && !executing);
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
            You cannot change {(states.length - mine.length).toLocaleString("en")} of these items. They will be listed when the change is finished.
          </p>
        )}
        <Bits {...edit} />
        <section aria-label="Access list">
          <h3>Access list</h3>
          <p className="faint">Gives individual people and groups more or less access than the boxes above.</p>
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
                Apply to everything inside
                <span className="faint">Only the settings you changed are applied. The trash and datasets shared by other projects are left alone.</span>
              </span>
            </label>
          )}
          {mixes && touchesExecute(draft) && (
            <label className="check">
              <input type="checkbox" checked={!executing} onChange={(e) => onExecuting(!e.target.checked)} />
              <span>
                Apply “enter” to folders only
                <span className="faint">Whether files can be executed does not change.</span>
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
          <button type="button" className="primary" disabled={isUntouched(draft) || (of.preview.error !== null && of.preview.data === undefined)} onClick={() => onSave(change)}>
            {below ? "Save for everything inside" : states.length > 1 ? `Save for ${count(states.length, "item")}` : "Save"}
          </button>
        )}
      </div>
    </div>
  );
}

/** Whether a draft changes the right to execute files or enter folders. */
function touchesExecute(draft: Draft): boolean {
  return Object.keys(draft.bits).some((bit) => bit.endsWith(" x")) || Object.values(draft.entries).some((e) => e !== null && has(e.may, "x"));
}

function Fixed({ states }: { states: readonly AccessState[] }): ReactElement {
  const [first] = states;
  const project = projectOf(first?.path ?? "/");
  return (
    <p className="notice">
      You cannot change these permissions. {first !== undefined && states.length === 1 ? <>The owner, <bdi>{visible(first.owner)}</bdi>, can, </> : "Their owners can, "}
      and so can {project === undefined ? "superusers" : `data owners of ${visible(project)}`}. Nobody can change an archived project.
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
        <h3>Defaults for new items</h3> <span className="faint">{draft.dropDefault ? "will be removed" : rows.length === 0 ? "none" : count(rows.length, "default entry", "default entries")}</span>
      </summary>
      <p className="faint">New items in this folder get this default access list. Existing items do not change.</p>
      {!draft.dropDefault && <Entries scope="default" states={states} draft={draft} onChange={onChange} fixed={fixed} />}
      {mask !== undefined && !draft.dropDefault && rights.some((r) => !has(mask.may, r)) && (
        <p className="faint">
          The default mask limits these to <code>{mask.may}</code>.
        </p>
      )}
      {stored && !fixed && (
        <button
          type="button"
          onClick={() =>
            onChange({ ...draft, dropDefault: !draft.dropDefault, entries: Object.fromEntries(Object.entries(draft.entries).filter(([key]) => !key.startsWith("default:"))) })
          }
        >
          {draft.dropDefault ? "Keep the default access list" : "Remove the default access list"}
        </button>
      )}
    </details>
  );
}
