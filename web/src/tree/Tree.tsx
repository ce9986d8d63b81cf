import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { IconName } from "../parts/Icon";
import { parentOf, within, type Path } from "../path";
import { Branch } from "./Branch";
import "./tree.css";

/** The directories above a path, the root not among them. */
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
  /** What somebody is at, or has chosen. The tree opens up to it. */
  current: Path | undefined;
  onChoose: (path: Path) => void;
  /** Whether what is chosen is a page that one is at, or a choice that is still to be used. */
  chooses: "page" | "choice";
  /** What else is open at first, besides what leads to current. */
  opened?: readonly Path[];
}

/** What all branches of a tree know. */
export interface Branches {
  current: Path | undefined;
  chooses: TreeProps["chooses"];
  /** The path that the keyboard is at, or would come to. */
  focused: Path | undefined;
  isOpen: (path: Path) => boolean;
  toggle: (path: Path, open: boolean) => void;
  choose: (path: Path) => void;
  focus: (path: Path) => void;
  /** Says that a branch is not in the page any more: the keyboard has to come to another one. */
  gone: (path: Path) => void;
}

/**
 * A tree of directories, which are read when they are opened. It has the keys that trees have: ↑ and ↓, → to open, ← to close or go up, Home, End, Enter, and
 * letters for names that begin so.
 */
export default function Tree({ label, roots, current, onChoose, chooses, opened = [] }: TreeProps): ReactElement {
  const [open, setOpen] = useState<ReadonlySet<Path>>(() => new Set([...above(current), ...opened]));
  const [at, setAt] = useState<Path>();
  const tree = useRef<HTMLUListElement>(null);
  // It follows what one is at, and leaves open what somebody has seen.
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
