import { useEffect, useMemo, useRef, useState, type Dispatch, type SetStateAction } from "react";
import type { FileStatus } from "../api/client";
import type { View } from "../place";
import { arrange, asItComes } from "./arrange";
import { bounded } from "./bound";
import { kept, nothing, type Selection } from "./selection";
import type { Entries } from "./useListing";

const arrangedAlways = 20_000; // entries; larger listings stay in the order of the server unless the user chooses another

/** The entries that a listing shows, and those that are selected. */
export interface Arranged {
  /** The entries that are loaded and can be shown, in the order of the view. */
  shown: readonly FileStatus[];
  /** The number of entries that are shown, including those that are not loaded yet. */
  total: number;
  /** The number of loaded entries in the view, whether they can be shown or not. */
  found: number;
  /** A text about entries that cannot be shown; "" if there are none. */
  rest: string;
  selection: Selection;
  select: Dispatch<SetStateAction<Selection>>;
  /** The entries that are selected. */
  chosen: readonly FileStatus[];
}

/**
 * Sorts and filters entries for a view, and keeps the selection while they change. tiles says whether they are shown as tiles, and from where the cursor
 * begins.
 */
export function useArranged(entries: Entries, view: View, tiles: boolean, from?: string): Arranged {
  const [selection, select] = useState<Selection>({ ...nothing, cursor: from });
  const arranged = !asItComes(view) || (entries.whole && entries.total <= arrangedAlways);
  const found = useMemo(() => (arranged ? arrange(entries.items, view) : entries.items), [arranged, entries.items, view]);
  const { shown, total, rest } = useMemo(() => bounded(found, arranged ? found.length : entries.total, tiles), [found, arranged, entries.total, tiles]);
  const order = useMemo(() => shown.map((item) => item.pathSuffix), [shown]);
  const before = useRef(order);
  useEffect(() => {
    const was = before.current;
    before.current = order;
    if (entries.whole) select((s) => kept(s, order, was));
  }, [order, entries.whole]);
  const chosen = useMemo(
    () => (selection.names.size === 0 ? [] : shown.filter((item) => selection.names.has(item.pathSuffix))),
    [selection.names, shown],
  );
  return { shown, total, found: found.length, rest, selection, select, chosen };
}
