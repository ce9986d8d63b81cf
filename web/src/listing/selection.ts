/** The selected entries of a listing. They are kept by name, so that the listing may change under the selection. */
export interface Selection {
  /** The entry that the keyboard is at, if any. */
  cursor: string | undefined;
  /** The entry where a range begins. */
  anchor: string | undefined;
  names: ReadonlySet<string>;
}

/** The empty selection. */
export const nothing: Selection = { cursor: undefined, anchor: undefined, names: new Set() };

/** How a move of the cursor changes the selection: to the entry alone, to the range up to it, or not at all. */
export type Reach = "only" | "range" | "keep";

/** Moves the cursor to the entry at an index of order, which has the names as they are shown. */
export function move(selection: Selection, order: readonly string[], index: number, reach: Reach): Selection {
  const name = order[Math.max(0, Math.min(order.length - 1, index))];
  if (name === undefined) return nothing;
  switch (reach) {
    case "only":
      return { cursor: name, anchor: name, names: new Set([name]) };
    case "keep":
      return { ...selection, cursor: name };
    case "range": {
      const anchor = selection.anchor !== undefined && order.includes(selection.anchor) ? selection.anchor : (selection.cursor ?? name);
      const [from, to] = [order.indexOf(anchor), order.indexOf(name)].sort((a, b) => a - b) as [number, number];
      return { cursor: name, anchor, names: new Set(order.slice(Math.max(0, from), to + 1)) };
    }
  }
}

/** Adds an entry to the selection or removes it, and moves the cursor there. */
export function toggle(selection: Selection, name: string): Selection {
  const names = new Set(selection.names);
  if (!names.delete(name)) names.add(name);
  return { cursor: name, anchor: name, names };
}

/** Selects all of order. */
export function all(selection: Selection, order: readonly string[]): Selection {
  return { ...selection, names: new Set(order) };
}

/** The selection without names that are gone. If the cursor's entry is gone, the cursor moves to the entry that took its place. */
export function kept(selection: Selection, order: readonly string[], before: readonly string[]): Selection {
  const there = new Set(order);
  const names = new Set([...selection.names].filter((name) => there.has(name)));
  let { cursor, anchor } = selection;
  if (cursor !== undefined && !there.has(cursor)) {
    const was = before.indexOf(cursor);
    cursor = before.slice(was + 1).find((name) => there.has(name)) ?? order.at(-1);
  }
  if (anchor !== undefined && !there.has(anchor)) anchor = cursor;
  return { cursor, anchor, names };
}

/** Selects the entry of a name alone, unless the user has selected something else since before. */
export function follow(selection: Selection, before: Selection, name: string): Selection {
  const same = selection.names.size === before.names.size && [...selection.names].every((one) => before.names.has(one));
  return same ? { cursor: name, anchor: name, names: new Set([name]) } : selection;
}
