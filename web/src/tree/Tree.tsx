import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { IconName } from "../parts/Icon";
import { parentOf, within, type Path } from "../path";
import { Branch } from "./Branch";
import "./tree.css";

/** The directories above a path, without the root. */
function above(path: Path | undefined): Path[] {
  const all: Path[] = [];
  for (let at = parentOf(path ?? "/"); at !== "/"; at = parentOf(at)) all.push(at);
  return all;
}

/** Where a tree begins. */
export interface Root {
  path: Path;
  label: string;
  icon: IconName;
}

interface TreeProps {
  label: string;
  roots: readonly Root[];
  /** The current or chosen directory. The tree opens as far as to show it. */
  current: Path | undefined;
  onChoose: (path: Path) => void;
  /** Whether choosing goes to the directory's page, or only selects it. */
  chooses: "page" | "choice";
  /** Further directories that are open at first. */
  opened?: readonly Path[];
}

/** The state and the handlers that all branches of a tree share. */
export interface Branches {
  current: Path | undefined;
  chooses: TreeProps["chooses"];
  /** The path that has the keyboard focus, or would get it. */
  focused: Path | undefined;
  isOpen: (path: Path) => boolean;
  toggle: (path: Path, open: boolean) => void;
  choose: (path: Path) => void;
  focus: (path: Path) => void;
  /** Called when a branch leaves the page, so that another one can take the keyboard focus. */
  gone: (path: Path) => void;
}

/**
 * A tree of directories, which are read when they are opened. It has the usual keys of trees: ↑ and ↓, → to open, ← to close or go up, Home, End, Enter, and
 * letters to jump to names that begin with them.
 */
export default function Tree({ label, roots, current, onChoose, chooses, opened = [] }: TreeProps): ReactElement {
  const [open, setOpen] = useState<ReadonlySet<Path>>(() => new Set([...above(current), ...opened]));
  const [at, setAt] = useState<Path>();
  const tree = useRef<HTMLUListElement>(null);
  // It opens as far as the current directory, and closes nothing that the user has opened.
  useEffect(() => setOpen((was) => (above(current).every((path) => was.has(path)) ? was : new Set([...was, ...above(current)]))), [current]);
  const gone = useCallback((path: Path) => setAt((was) => (was === path ? undefined : was)), []);
  const nearest = roots.filter((root) => current !== undefined && within(current, root.path)).sort((a, b) => b.path.length - a.path.length)[0];
  const branches: Branches = {
    current,
    chooses,
    focused: at ?? nearest?.path ?? roots[0]?.path,
    isOpen: (path) => open.has(path),
    toggle: (path, opens) => setOpen((was) => new Set(opens ? [...was, path] : [...was].filter((other) => other !== path))),
    choose: (path) => {
      setAt(path);
      onChoose(path);
    },
    focus: setAt,
    gone,
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const items = [...(tree.current?.querySelectorAll<HTMLElement>("[role=treeitem]") ?? [])];
    const here = document.activeElement?.closest<HTMLElement>("[role=treeitem]");
    const i = here ? items.indexOf(here) : -1;
    if (here == null || i < 0) return;
    const level = (item: HTMLElement) => Number(item.getAttribute("aria-level"));
    const path = here.dataset["path"] ?? "";
    const expanded = here.getAttribute("aria-expanded");
    let to: HTMLElement | undefined;
    if (e.key === "ArrowDown") to = items[i + 1];
    else if (e.key === "ArrowUp") to = items[i - 1];
    else if (e.key === "Home") to = items[0];
    else if (e.key === "End") to = items.at(-1);
    else if (e.key === "ArrowRight") {
      if (expanded === "false") branches.toggle(path, true);
      else if (expanded === "true") to = items[i + 1];
    } else if (e.key === "ArrowLeft") {
      if (expanded === "true") branches.toggle(path, false);
      else to = items.slice(0, i).findLast((item) => level(item) < level(here));
    } else if (e.key === "Enter" || e.key === " ") here.querySelector<HTMLElement>("[data-chooses]")?.click();
    else if (/^[\p{Ll}\p{Lo}\p{N}_.-]$/u.test(e.key)) {
      const fits = (item: HTMLElement) => item.textContent.trim().toLowerCase().startsWith(e.key.toLowerCase());
      to = items.slice(i + 1).find(fits) ?? items.find(fits);
    } else return;
    e.preventDefault();
    e.stopPropagation();
    to?.focus();
  };
  return (
    <ul ref={tree} role="tree" aria-label={label} className="tree" onKeyDown={onKeyDown}>
      {roots.map((root) => (
        <Branch key={root.path} path={root.path} label={root.label} icon={root.icon} level={1} branches={branches} />
      ))}
    </ul>
  );
}
