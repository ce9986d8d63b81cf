import { useRef, type DragEvent, type KeyboardEvent, type MouseEvent } from "react";
import type { FileStatus } from "../api/client";
import { letterOf, typing } from "../shell/keys";
import { sought } from "./arrange";
import { all, move, toggle, type Selection } from "./selection";

interface EntryKeysProps {
  /** The entries, in order. */
  shown: readonly FileStatus[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onOpen: (item: FileStatus) => void;
  onDelete: () => void;
  onDrag: (e: DragEvent, names: readonly string[]) => void;
  onRenaming: (name: string) => void;
  /** The number of entries in a row. */
  across: number;
  /** The number of rows in a page. */
  page: () => number;
  /** Scrolls the entry at an index into view. */
  reveal: (index: number) => void;
}

/** Keyboard and pointer handling for the entries of a directory, in any layout. */
export interface EntryKeys {
  /** The names, in order. */
  order: readonly string[];
  /** The index of the entry that the keyboard is at; -1 for none. */
  cursor: number;
  onKeyDown: (e: KeyboardEvent) => void;
  onFocus: (e: React.FocusEvent) => void;
  /** Handles a click that selects: the entry alone, with Ctrl in addition, with Shift the range up to it. */
  point: (item: FileStatus, index: number, e: MouseEvent) => void;
  /** Drags the selected entries, or an entry that is not selected alone. */
  drag: (item: FileStatus, index: number, e: DragEvent) => void;
}

/** Moves one cursor over all entries, including those that are not in the page. */
export function useEntryKeys(props: EntryKeysProps): EntryKeys {
  const { shown, selection, onSelect, onOpen, onDelete, onDrag, onRenaming, across, page, reveal } = props;
  const typed = useRef({ text: "", at: 0 });
  const order = shown.map((item) => item.pathSuffix);
  const cursor = selection.cursor === undefined ? -1 : order.indexOf(selection.cursor);

  const step = (index: number, e: KeyboardEvent) => {
    const to = Math.max(0, Math.min(order.length - 1, index));
    onSelect(move(selection, order, to, e.shiftKey ? "range" : e.ctrlKey || e.metaKey ? "keep" : "only"));
    reveal(to);
  };
  const jump = (letter: string) => {
    const now = Date.now();
    typed.current = { text: now - typed.current.at < 800 ? typed.current.text + letter : letter, at: now };
    const wanted = sought(typed.current.text);
    const from = wanted.length > 1 ? Math.max(0, cursor) : cursor + 1;
    const fits = (name: string) => sought(name).startsWith(wanted);
    let to = order.findIndex((name, i) => i >= from && fits(name));
    if (to < 0) to = order.findIndex(fits);
    if (to < 0) return;
    onSelect(move(selection, order, to, "only"));
    reveal(to);
  };

  const deedOf = (e: KeyboardEvent): (() => void) | undefined => {
    if (e.altKey) return undefined; // Alt ← is the browser's
    const item = shown[cursor];
    const to = target(e.key, cursor, order.length, across, page);
    if (to !== undefined) return () => step(to, e);
    if (e.key === "Enter" && item) return () => onOpen(item);
    if (e.key === " " && item) return () => onSelect(toggle(selection, item.pathSuffix));
    if ((e.ctrlKey || e.metaKey) && !e.shiftKey && letterOf(e) === "a") return () => onSelect(all(selection, order));
    if (e.key === "Escape" && selection.names.size > 0) return () => onSelect({ ...selection, names: new Set() });
    if (e.key === "F2" && item) return () => onRenaming(item.pathSuffix);
    if (e.key === "Delete") return onDelete;
    if (/^[\p{Ll}\p{Lo}\p{N}_.-]$/u.test(e.key) && !e.ctrlKey && !e.metaKey) return () => jump(e.key);
    return undefined;
  };

  return {
    order,
    cursor,
    onKeyDown: (e) => {
      // A checkbox that was clicked has the focus, and only two keys of its own. A field for renaming has all of them.
      const within = e.target !== e.currentTarget;
      if (within && (typing(e) || e.key === " " || e.key === "Enter")) return;
      const deed = deedOf(e);
      if (deed === undefined) return;
      if (within && e.currentTarget instanceof HTMLElement) e.currentTarget.focus();
      deed();
      e.preventDefault();
      e.stopPropagation();
    },
    onFocus: (e) => {
      if (e.target === e.currentTarget && cursor < 0 && order.length > 0) onSelect(move(selection, order, 0, "keep"));
    },
    point: (item, index, e) => {
      if (e.ctrlKey || e.metaKey) onSelect(toggle(selection, item.pathSuffix));
      else onSelect(move(selection, order, index, e.shiftKey ? "range" : "only"));
    },
    drag: (item, index, e) => {
      const selected = selection.names.has(item.pathSuffix);
      onDrag(e, selected ? order.filter((name) => selection.names.has(name)) : [item.pathSuffix]);
      // Chromium ends a drag at once if the page changes while it begins.
      if (!selected) setTimeout(() => onSelect(move(selection, order, index, "only")));
    },
  };
}

/** The index that a key leads to from the cursor, among total entries in rows of across; undefined for other keys. */
export function target(key: string, cursor: number, total: number, across: number, page: () => number): number | undefined {
  const rowOf = (index: number) => Math.floor(index / across);
  const down = (rows: number) => {
    if (cursor < 0) return 0;
    const to = cursor + rows * across;
    if (to < total) return to;
    return rowOf(cursor) < rowOf(total - 1) ? total - 1 : cursor; // the last row may be shorter
  };
  const up = (rows: number) => {
    const most = Math.min(rows, rowOf(Math.max(0, cursor)));
    return Math.max(0, cursor - most * across);
  };
  switch (key) {
    case "ArrowDown":
      return down(1);
    case "ArrowUp":
      return up(1);
    case "PageDown":
      return down(page());
    case "PageUp":
      return up(page());
    case "Home":
      return 0;
    case "End":
      return total - 1;
  }
  if (across === 1) return undefined;
  if (key === "ArrowRight") return cursor + 1;
  return key === "ArrowLeft" ? Math.max(0, cursor - 1) : undefined;
}
