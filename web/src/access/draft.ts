import type { components } from "../../../clients/typescript/schema";

/** What decides about access at a path. */
export type AccessState = components["schemas"]["AccessState"];
/** What is to be changed of it. */
export type AccessChange = components["schemas"]["AccessChange"];
/** Who could do what after a change. */
export type AccessPreview = components["schemas"]["AccessPreview"];

/** Rights as the API writes them, as in r-x. */
export type May = string;
/** The rights in the order of their columns. */
export const rights = ["r", "w", "x"] as const;
/** To list or read, to change or write, to enter or execute. */
export type Right = (typeof rights)[number];
/** Whom mode bits are for, in the order of their rows. */
export const classes = ["owner", "group", "others"] as const;
/** One of the three whom mode bits are for. */
export type Class = (typeof classes)[number];

/** What several entries have of something: all, none, or only some of them. */
export type Share = boolean | "some";

/** Whom an entry of an ACL is about. */
interface EntryKey {
  default: boolean;
  type: "user" | "group" | "other";
  /** Empty for the owner, the owning group and others, which only the default ACL has as entries. */
  name: string;
}

/** An entry as it would be. */
export interface EntryDraft extends EntryKey {
  may: May;
}

/** What somebody has touched, and nothing else. It lies above whatever the entries have, so that it can be laid above what they have later. */
export interface Draft {
  /** By the class and the right, as in "group w"; or "sticky". */
  bits: Readonly<Record<string, boolean>>;
  /** By textOf its key; null: it is removed. */
  entries: Readonly<Record<string, EntryDraft | null>>;
  /** "": nobody said. */
  mask: May;
  owner: string;
  group: string;
  dropDefault: boolean;
}

/** Nothing was touched. */
export const untouched: Draft = { bits: {}, entries: {}, mask: "", owner: "", group: "", dropDefault: false };

/** The key of an entry as ACLs are written, as in default:user:bob. */
export function textOf(key: EntryKey): string {
  return `${key.default ? "default:" : ""}${key.type}:${key.name}`;
}

/** Whether rights have a right. */
export function has(may: May, right: Right): boolean {
  return may.includes(right);
}

/** Rights with one of them set or not. */
export function withRight(may: May, right: Right, set: boolean): May {
  return rights.map((r) => ((r === right ? set : has(may, r)) ? r : "-")).join("");
}

/** What of all is so. */
export function shared(all: readonly boolean[]): Share {
  if (all.length > 0 && all.every(Boolean)) return true;
  return all.some(Boolean) ? "some" : false;
}

const mayOf: Readonly<Record<Class, (state: AccessState) => May>> = {
  owner: (s) => s.ownerMay,
  group: (s) => s.groupMay,
  others: (s) => s.othersMay,
};

/** What the entries have of a bit, before anything is touched. */
export function bitSeen(states: readonly AccessState[], name: Class, right: Right): Share {
  return shared(states.map((s) => has(mayOf[name](s), right)));
}

/** Whether the directories among the entries have the sticky bit. */
export function stickySeen(states: readonly AccessState[]): Share {
  return shared(states.filter((s) => s.directory).map((s) => s.sticky));
}

/** What a box shows next that shows now, above what was seen: with entries that differ, a third click leaves them as they are. */
export function nextOf(now: Share, seen: Share): boolean | undefined {
  if (now === "some") return true;
  if (now) return false;
  return seen === "some" ? undefined : true;
}

/** A draft with a bit touched; undefined: not any more. */
export function withBit(draft: Draft, name: string, value: boolean | undefined, seen: Share): Draft {
  const { [name]: _, ...rest } = draft.bits;
  return { ...draft, bits: value === undefined || value === seen ? rest : { ...rest, [name]: value } };
}

/** One entry of the ACLs of several files or directories, with what is drafted of it. */
export interface EntryRow extends EntryKey {
  /** How many of them have it. */
  on: number;
  /** What those that have it may, by right. */
  seen: Readonly<Record<Right, Share>>;
  /** What the mask leaves, where all agree; undefined: they do not. */
  effective: May | undefined;
  draft: EntryDraft | null | undefined;
}

/** The entries of a scope that are on any of the states, or drafted, in the order of ACLs. */
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

/** The change that a draft stands for, as the API takes it. search: execute is for directories only. */
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

/** The bits as three or four octal digits, with what is drafted; undefined where the entries differ in some. */
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

/** A draft with all bits as three or four octal digits say; undefined: the text says nothing. Three digits leave the sticky bit. */
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
