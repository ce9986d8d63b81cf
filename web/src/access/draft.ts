import type { components } from "../../../clients/typescript/schema";

/** Everything at a path that decides who has access. */
export type AccessState = components["schemas"]["AccessState"];
/** A change of that state. */
export type AccessChange = components["schemas"]["AccessChange"];
/** Who could do what after a change. */
export type AccessPreview = components["schemas"]["AccessPreview"];

/** Rights as the API writes them, such as r-x. */
export type May = string;
/** The rights in the order of their columns. */
export const rights = ["r", "w", "x"] as const;
/** List or read, change or write, enter or execute. */
export type Right = (typeof rights)[number];
/** The classes of users that mode bits distinguish, in the order of their rows. */
export const classes = ["owner", "group", "others"] as const;
/** One of the three classes of mode bits. */
export type Class = (typeof classes)[number];

/** Whether all of several entries have something, none, or only some of them. */
export type Share = boolean | "some";

/** Identifies an entry of an ACL. */
interface EntryKey {
  default: boolean;
  type: "user" | "group" | "other";
  /** Empty for the owner, the owning group and others, which only the default ACL has as entries. */
  name: string;
}

/** An entry as the draft would set it. */
export interface EntryDraft extends EntryKey {
  may: May;
}

/** Only what the user has touched. It is kept apart from what the entries have, so that it can be applied again when these have changed. */
export interface Draft {
  /** By the class and the right, as in "group w"; or "sticky". */
  bits: Readonly<Record<string, boolean>>;
  /** By textOf of the key; null if the entry is to be removed. */
  entries: Readonly<Record<string, EntryDraft | null>>;
  /** "" if untouched, as for owner and group. */
  mask: May;
  owner: string;
  group: string;
  dropDefault: boolean;
}

/** The empty draft. */
export const untouched: Draft = { bits: {}, entries: {}, mask: "", owner: "", group: "", dropDefault: false };

/** The key of an entry in the notation of ACLs, such as default:user:bob. */
export function textOf(key: EntryKey): string {
  return `${key.default ? "default:" : ""}${key.type}:${key.name}`;
}

/** Whether rights include a right. */
export function has(may: May, right: Right): boolean {
  return may.includes(right);
}

/** Rights with one of them set or cleared. */
export function withRight(may: May, right: Right, set: boolean): May {
  return rights.map((r) => ((r === right ? set : has(may, r)) ? r : "-")).join("");
}

/** Whether all, none or some of the values are true. */
export function shared(all: readonly boolean[]): Share {
  if (all.length > 0 && all.every(Boolean)) return true;
  return all.some(Boolean) ? "some" : false;
}

const mayOf: Readonly<Record<Class, (state: AccessState) => May>> = {
  owner: (s) => s.ownerMay,
  group: (s) => s.groupMay,
  others: (s) => s.othersMay,
};

/** Whether the entries have a bit, before anything is touched. */
export function bitSeen(states: readonly AccessState[], name: Class, right: Right): Share {
  return shared(states.map((s) => has(mayOf[name](s), right)));
}

/** Whether the directories among the entries have the sticky bit. */
export function stickySeen(states: readonly AccessState[]): Share {
  return shared(states.filter((s) => s.directory).map((s) => s.sticky));
}

/** The next value of a box that is clicked. Where the entries differ, a third click goes back to leaving them as they are (undefined). */
export function nextOf(now: Share, seen: Share): boolean | undefined {
  if (now === "some") return true;
  if (now) return false;
  return seen === "some" ? undefined : true;
}

/** A draft with a bit set or cleared; undefined makes it untouched again. */
export function withBit(draft: Draft, name: string, value: boolean | undefined, seen: Share): Draft {
  const { [name]: _, ...rest } = draft.bits;
  return { ...draft, bits: value === undefined || value === seen ? rest : { ...rest, [name]: value } };
}

/** One entry of the ACLs of several files or directories, with its draft. */
export interface EntryRow extends EntryKey {
  /** How many of the files and directories have it. */
  on: number;
  /** The rights it gives on those that have it. */
  seen: Readonly<Record<Right, Share>>;
  /** The rights that the mask leaves, or undefined where these differ. */
  effective: May | undefined;
  draft: EntryDraft | null | undefined;
}

/** The entries of a scope that any of the states has or the draft adds, in the order of ACLs. */
export function entryRows(states: readonly AccessState[], draft: Draft, scope: "access" | "default"): EntryRow[] {
  const found = new Map<string, { key: EntryKey; may: May[]; effective: Set<May> }>();
  for (const state of states) {
    for (const e of state.entries) {
      if (e.default !== (scope === "default") || e.type === "mask") continue;
      const key: EntryKey = { default: e.default, type: e.type, name: e.name };
      const row = found.get(textOf(key)) ?? { key, may: [], effective: new Set<May>() };
      row.may.push(e.may);
      row.effective.add(e.effective);
      found.set(textOf(key), row);
    }
  }
  for (const e of Object.values(draft.entries)) {
    if (e !== null && e.default === (scope === "default") && !found.has(textOf(e))) {
      found.set(textOf(e), { key: { default: e.default, type: e.type, name: e.name }, may: [], effective: new Set() });
    }
  }
  const order = { user: 0, group: 1, other: 2 };
  return [...found.values()]
    .sort((a, b) => order[a.key.type] - order[b.key.type] || (a.key.name < b.key.name ? -1 : 1))
    .map(({ key, may, effective }) => ({
      ...key,
      on: may.length,
      seen: { r: shared(may.map((m) => has(m, "r"))), w: shared(may.map((m) => has(m, "w"))), x: shared(may.map((m) => has(m, "x"))) },
      effective: effective.size === 1 ? [...effective][0] : undefined,
      draft: draft.entries[textOf(key)],
    }));
}

const places: Readonly<Record<Class, number>> = { owner: 6, group: 3, others: 0 };
const weights: Readonly<Record<Right, number>> = { r: 4, w: 2, x: 1 };

function octalOf(bits: Draft["bits"], value: boolean): string {
  let sum = bits["sticky"] === value ? 0o1000 : 0;
  for (const name of classes) for (const right of rights) if (bits[`${name} ${right}`] === value) sum |= weights[right] << places[name];
  return sum === 0 ? "" : sum.toString(8);
}

/** The change that a draft stands for, as the API takes it. With search, execute rights apply to directories only. */
export function changeOf(draft: Draft, search = false): AccessChange {
  const [set, clear] = [octalOf(draft.bits, true), octalOf(draft.bits, false)];
  const all = Object.entries(draft.entries);
  const entries = all.flatMap(([, e]) => (e === null ? [] : [{ default: e.default, type: e.type, name: e.name, may: e.may }]));
  const remove = all.flatMap(([text, e]) => {
    const [, isDefault, type, name] = /^(default:)?(user|group):(.+)$/s.exec(text) ?? [];
    return e !== null || name === undefined || (type !== "user" && type !== "group") ? [] : [{ default: isDefault !== undefined, type, name } as const];
  });
  return {
    ...(set === "" ? {} : { set }),
    ...(clear === "" ? {} : { clear }),
    ...(entries.length === 0 ? {} : { entries }),
    ...(remove.length === 0 ? {} : { remove }),
    ...(draft.mask === "" ? {} : { mask: draft.mask }),
    ...(draft.owner === "" ? {} : { owner: draft.owner }),
    ...(draft.group === "" ? {} : { group: draft.group }),
    ...(draft.dropDefault ? { dropDefault: true } : {}),
    ...(search ? { search: true } : {}),
  };
}

/** Whether nothing was touched. */
export function isUntouched(draft: Draft): boolean {
  return Object.keys(changeOf(draft)).length === 0;
}

/** The bits with the draft applied, as three or four octal digits; undefined where the entries differ. */
export function octal(states: readonly AccessState[], draft: Draft): string | undefined {
  let sum = 0;
  for (const name of classes) {
    for (const right of rights) {
      const value = draft.bits[`${name} ${right}`] ?? bitSeen(states, name, right);
      if (value === "some") return undefined;
      if (value) sum |= weights[right] << places[name];
    }
  }
  const sticky = draft.bits["sticky"] ?? stickySeen(states);
  if (sticky === "some") return undefined;
  return (sticky ? "1" : "") + sum.toString(8).padStart(3, "0");
}

/** A draft with all bits set from three or four octal digits; undefined if the text is no such number. Three digits leave the sticky bit alone. */
export function withOctal(states: readonly AccessState[], draft: Draft, text: string): Draft | undefined {
  if (!/^[01]?[0-7]{3}$/.test(text)) return undefined;
  const sum = Number.parseInt(text, 8);
  let next = draft;
  for (const name of classes) {
    for (const right of rights) next = withBit(next, `${name} ${right}`, (sum & (weights[right] << places[name])) !== 0, bitSeen(states, name, right));
  }
  if (text.length === 4 && states.some((s) => s.directory)) next = withBit(next, "sticky", sum >= 0o1000, stickySeen(states));
  return next;
}
