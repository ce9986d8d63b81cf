import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { makeDirectory } from "../listing/actions";
import { listingKey } from "../listing/useListing";
import { Loading } from "../parts/states";
import { tiedTo } from "../parts/tied";
import { join, nameFault, namesOf, visible, type Path } from "../path";
import { useMe } from "../session";
import { composing } from "../shell/keys";
import { useProjects } from "../shell/places";
import Tree, { type Root } from "../tree/Tree";
import { forgetDirectories } from "../tree/useDirectories";
import "./moving.css";

/** What is wrong with a typed path, in words; undefined if it is valid. */
export function pathFault(path: Path): string | undefined {
  if (!path.startsWith("/")) return "A path must begin with a slash.";
  for (const name of namesOf(path)) {
    const fault = nameFault(name);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A typed path without superfluous slashes. */
function plainPath(text: string): Path {
  return text.startsWith("/") ? `/${namesOf(text).join("/")}` : text;
}

interface DestinationProps {
  value: Path;
  onChange: (dir: Path) => void;
  /** Why the directory cannot be chosen although its path is valid; "" if it can. */
  fault?: string;
}

/** Asks for a directory, which can be typed, chosen in a tree, or created. */
export function Destination({ value, onChange, fault: refused = "" }: DestinationProps): ReactElement {
  const me = useMe();
  const projects = useProjects();
  const roots: Root[] = [
    { path: me.home, label: "Home", icon: "home" },
    ...(projects.data ?? []).map((p): Root => ({ path: p.path, label: p.name, icon: "project" })),
  ];
  const [typed, setTyped] = useState(value);
  const fault = pathFault(value) ?? refused;
  const id = useId();
  return (
    <div className="destination">
      <label>
        Folder
        <input
          data-first=""
          value={plainPath(typed) === value ? typed : value}
          spellCheck={false}
          {...tiedTo(fault === "" ? undefined : id)}
          onChange={(e) => {
            setTyped(e.target.value);
            onChange(plainPath(e.target.value));
          }}
        />
      </label>
      <p id={id} className="fault" role="alert">
        {fault}
      </p>
      <div className="destination-tree">
        {projects.isPending ? <Loading label="Loading folders" /> : <Tree label="Folders" roots={roots} current={value} onChoose={onChange} chooses="choice" />}
      </div>
      <NewInside dir={value} onMade={onChange} />
    </div>
  );
}

/** Creates a directory in dir. */
function NewInside({ dir, onMade }: { dir: Path; onMade: (dir: Path) => void }): ReactElement {
  const queries = useQueryClient();
  const [name, setName] = useState<string>();
  const [refused, setRefused] = useState("");
  const id = useId();
  const now = useRef(dir);
  now.current = dir;
  if (name === undefined) {
    return (
      <p>
        <button type="button" className="link" disabled={pathFault(dir) !== undefined} onClick={() => setName("")}>
          New folder here
        </button>
      </p>
    );
  }
  const fault = name === "" ? undefined : nameFault(name);
  const make = async () => {
    if (name === "" || fault !== undefined) return;
    const made = join(dir, name);
    try {
      await makeDirectory(made);
    } catch (e) {
      setRefused(wordsFor(e));
      return;
    }
    forgetDirectories(queries, [made]);
    void queries.invalidateQueries({ queryKey: listingKey(dir) });
    setName(undefined);
    if (now.current === dir) onMade(made); // another folder may have been chosen meanwhile
  };
  return (
    <>
      <label>
        Name of new folder in {visible(dir)}
        <span className="row">
          <input
            className="grow"
            autoFocus
            value={name}
            aria-invalid={fault !== undefined || refused !== ""}
            aria-describedby={id}
            onChange={(e) => {
              setName(e.target.value);
              setRefused("");
            }}
            onKeyDown={(e) => {
              if (e.key !== "Enter" || composing(e)) return;
              e.preventDefault(); // create the folder, do not submit the dialog
              void make();
            }}
          />
          <button type="button" disabled={name === "" || fault !== undefined} onClick={() => void make()}>
            Create
          </button>
        </span>
      </label>
      <p id={id} className="fault" role="alert">
        {fault ?? refused}
      </p>
    </>
  );
}
