import type { ReactElement } from "react";
import { Loading } from "../parts/states";
import type { Path } from "../path";
import { useProjects } from "../shell/places";
import Tree from "../tree/Tree";

/** Where a token is good. */
export interface Limits {
  /** The only project; "": all. */
  project: string;
  /** A directory of the project; the project's own: all of it. */
  dir: Path;
}

/** Asks where a token is to be good: everywhere, in a project, or in a directory of one. */
export function ScopeField({ value, onChange }: { value: Limits; onChange: (limits: Limits) => void }): ReactElement {
  const projects = useProjects();
  const names = (projects.data ?? []).map((p) => p.name);
  // A link may name a project that others share something of, whose members are others.
  const offered = value.project === "" || names.includes(value.project) ? names : [value.project, ...names];
  return (
    <>
      <label>
        Good for
        <select value={value.project} onChange={(e) => onChange({ project: e.target.value, dir: `/Projects/${e.target.value}` })}>
          <option value="">Everything that you may</option>
          {offered.map((name) => (
            <option key={name} value={name}>
              The project {name}
            </option>
          ))}
        </select>
      </label>
      {value.project !== "" && (
        <>
          <label>
            And there, only this folder and what is in it
            <input spellCheck={false} value={value.dir} onChange={(e) => onChange({ ...value, dir: e.target.value })} />
          </label>
          <div className="token-tree">
            {projects.isPending ? (
              <Loading label="Folders" />
            ) : (
              <Tree
                key={value.project}
                label="Folders"
                roots={[{ path: `/Projects/${value.project}`, label: `All of ${value.project}`, icon: "project" }]}
                current={value.dir}
                onChoose={(dir) => onChange({ ...value, dir })}
                chooses="choice"
                opened={[`/Projects/${value.project}`]}
              />
            )}
          </div>
        </>
      )}
    </>
  );
}
