import type { QueryClient } from "@tanstack/react-query";

const kinds = ["sizes", "quota", "project"] as const; // of queries that tell how much space is used
const settle = 1_000; // least milliseconds for which changes are collected before these are read again
const rest = 9; // times as long as a read took until the next: the server walks through all of a project that has no limit

/** When a page reads again how much space is used. */
interface Turns {
  wanted: boolean;
  reading: Promise<void>;
  /** Not before this, by the clock that nobody sets. */
  next: number;
}

const all = new WeakMap<QueryClient, Turns>();

/** Has what tells how much space is used read again: soon where it is shown, though not for each of many changes; elsewhere when it is shown next. */
export function refreshStorage(queries: QueryClient): void {
  for (const kind of kinds) void queries.invalidateQueries({ queryKey: [kind], refetchType: "none" });
  let turns = all.get(queries);
  if (turns === undefined) all.set(queries, (turns = { wanted: false, reading: Promise.resolve(), next: 0 }));
  if (turns.wanted) return;
  turns.wanted = true;
  void readLater(queries, turns);
}

async function readLater(queries: QueryClient, turns: Turns): Promise<void> {
  await turns.reading;
  await new Promise((done) => setTimeout(done, Math.max(settle, turns.next - performance.now())));
  turns.wanted = false; // this read may miss changes from now on
  turns.reading = read(queries, turns);
}

async function read(queries: QueryClient, turns: Turns): Promise<void> {
  const began = performance.now();
  await Promise.all(kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind] })));
  const now = performance.now();
  turns.next = now + rest * (now - began);
}
