import type { ReactElement } from "react";
import { Loading } from "../parts/states";
import { tiedTo } from "../parts/tied";
import type { Path } from "../path";
import { useProjects } from "../shell/places";
import Tree from "../tree/Tree";

/** What a token is limited to. */
export interface Limits {
  /** The project; "" for all. */
  project: string;
  /** A directory of the project; the project's own directory for all of it. */
  dir: Path;
}

interface ScopeFieldProps {
  value: Limits;
  onChange: (limits: Limits) => void;
  /** The id of the element that says what is wrong with the directory; undefined if nothing is. */
  faultId?: string | undefined;
}

/** Asks where a token can be used: everywhere, in a project, or in a directory of one. */
export function ScopeField({ value, onChange, faultId }: ScopeFieldProps): ReactElement {
  const projects = useProjects();
  const names = (projects.data ?? []).map((p) => p.name);
  // A link may name a project of which the caller is no member, but that shares a dataset with them.
  const offered = value.project === "" || names.includes(value.project) ? names : [value.project, ...names];
  return (
    <>
      <label>
        Access to
        <select value={value.project} onChange={(e) => onChange({ project: e.target.value, dir: `/Projects/${e.target.value}` })}>
          <option value="">Everything you have access to</option>
          {offered.map((name) => (
            <option key={name} value={name}>
              Project {name}
            </option>
          ))}
        </select>
      </label>
      {value.project !== "" && (
        <>
          <label>
            Limit to this folder
            <input {...tiedTo(faultId)} spellCheck={false} value={value.dir} onChange={(e) => onChange({ ...value, dir: e.target.value })} />
          </label>
          <div className="token-tree">
            {projects.isPending ? (
              <Loading label="Loading folders" />
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
