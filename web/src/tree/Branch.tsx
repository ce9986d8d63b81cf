import { useEffect, useRef, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { Icon, type IconName } from "../parts/Icon";
import { join, visible, visibleName, within, type Path } from "../path";
import { hrefOf } from "../place";
import type { Branches } from "./Tree";
import { useDirectories } from "./useDirectories";

interface BranchProps {
  path: Path;
  label: string;
  icon: IconName;
  /** 1 for a root. */
  level: number;
  /** Whether the directory is empty, so that it cannot be opened. */
  bare?: boolean;
  branches: Branches;
}

/** A directory in a tree, with its subdirectories if it is open. */
export function Branch({ path, label, icon, level, bare = false, branches }: BranchProps): ReactElement {
  const open = !bare && branches.isOpen(path);
  const chosen = branches.current === path;
  const item = useRef<HTMLDivElement>(null);
  const { toggle, gone } = branches;
  useEffect(() => () => gone(path), [gone, path]);
  useEffect(() => {
    const on = item.current;
    const dwell = (e: Event) => {
      e.stopPropagation();
      toggle(path, true);
    };
    on?.addEventListener("dwell", dwell); // a drag has stayed over it
    return () => on?.removeEventListener("dwell", dwell);
  });
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <li role="none">
      <div
        ref={item}
        role="treeitem"
        className="place-row"
        aria-level={level}
        aria-expanded={bare ? undefined : open}
        aria-current={branches.chooses === "page" && chosen ? "page" : undefined}
        aria-selected={branches.chooses === "choice" ? chosen : undefined}
        tabIndex={branches.focused === path ? 0 : -1}
        data-path={path}
        data-into={path}
        onFocus={(e) => {
          if (e.target === e.currentTarget) branches.focus(path);
        }}
      >
        {bare ? (
          <span className="twist" />
        ) : (
          <span className="twist" aria-hidden="true" onClick={() => toggle(path, !open)}>
            <Icon name={open ? "down" : "right"} />
          </span>
        )}
        <a
          href={hrefOf({ at: "files", path })}
          className="place"
          tabIndex={-1}
          data-chooses=""
          title={visible(label)}
          aria-current={chosen ? "true" : undefined}
          draggable={false}
          onClick={(e) => {
            if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
            e.preventDefault();
            branches.choose(path);
          }}
        >
          <Icon name={icon} />
          <span>
            <bdi>{visibleName(label)}</bdi>
          </span>
        </a>
      </div>
      {open && <Below dir={path} level={level + 1} branches={branches} />}
    </li>
  );
}

function Below({ dir, level, branches }: { dir: Path; level: number; branches: Branches }): ReactElement {
  const { items, pending, error, more } = useDirectories(dir);
  const { current } = branches;
  // The branch that leads to the current directory is shown even if it is beyond the pages that were read.
  const next = current !== undefined && current !== dir && within(current, dir) ? current.slice(dir === "/" ? 1 : dir.length + 1).split("/")[0] : undefined;
  const hidden = next !== undefined && !pending && more !== undefined && !items.some((item) => item.name === next) ? next : undefined;
  // The trash has its own link, and is no destination for moving or copying.
  const folders = items.filter((item) => item.name !== ".Trash" || next === ".Trash");
  const branch = (name: string, bare: boolean) => (
    <Branch key={name} path={join(dir, name)} label={name} icon={name === ".Trash" ? "trash" : "folder"} level={level} bare={bare} branches={branches} />
  );
  return (
    <ul role="none" className="deeper">
      {pending && (
        <li role="none" className="tree-note faint">
          Loading
        </li>
      )}
      {error !== null && (
        <li role="none" className="tree-note fault">
          {wordsFor(error)}
        </li>
      )}
      {folders.map((item) => branch(item.name, item.childrenNum === 0))}
      {hidden !== undefined && branch(hidden, false)}
      {!pending && error === null && folders.length === 0 && hidden === undefined && (
        <li role="none" className="tree-note faint">
          No subfolders
        </li>
      )}
      {more !== undefined && (
        <li role="none">
          <div role="treeitem" aria-level={level} tabIndex={-1} className="tree-note">
            <span className="link" data-chooses="" onClick={more}>
              More folders
            </span>
          </div>
        </li>
      )}
    </ul>
  );
}
