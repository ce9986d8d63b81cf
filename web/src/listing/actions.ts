import type { QueryClient } from "@tanstack/react-query";
import { api, ask, wordsFor } from "../api/client";
import { count } from "../format";
import { toast } from "../parts/toasts";
import { nameOf, namesOf, parentOf, visibleName, type Path } from "../path";
import { refreshStorage } from "../storage/refresh";
import { discard } from "../trash/discard";
import { forgetDirectories } from "../tree/useDirectories";
import { listingKey } from "./useListing";

/** Something that was moved. */
export interface Move {
  from: Path;
  to: Path;
}

/** Creates a directory and those above it. It does not fail if the directory exists. */
export async function makeDirectory(path: Path): Promise<void> {
  await ask(api.PUT("/api/v1/fs/mkdirs", { params: { query: { path } } }));
}

/** Gives an entry another path. It fails if that is taken. */
export async function rename({ from, to }: Move): Promise<void> {
  await ask(api.PUT("/api/v1/fs/rename", { params: { query: { path: from, destination: to, renameoptions: "NONE" } } }));
}

/** Gives an entry the path of another one of the same project, which goes to the trash. */
export async function replace({ from, to }: Move): Promise<void> {
  await ask(api.POST("/api/v1/fs/replace", { params: { query: { path: to, source: from } } }));
}

/** The present part of a trash, or a checkpoint of it: the time when that was made, with a number if there were several in one second. */
const checkpoint = /^(?:Current|\d{12}(?:-\d+)?)$/;

/** Where an entry of a trash was before it was deleted; undefined if path is not in a trash, or is one of the trash's own directories. */
export function deletedFrom(path: Path): Path | undefined {
  const names = namesOf(path);
  const trash = names.indexOf(".Trash");
  if (trash < 0) return undefined;
  const at = names.findIndex((name, i) => i > trash && i <= trash + 2 && checkpoint.test(name));
  return at < 0 || at === names.length - 1 ? undefined : `/${names.slice(at + 1).join("/")}`;
}

/** Whether path is in a trash, or is one. */
export function inTrash(path: Path): boolean {
  return namesOf(path).includes(".Trash");
}

/** Deletes an entry for good. */
export async function erase(path: Path): Promise<void> {
  await ask(api.DELETE("/api/v1/fs/delete", { params: { query: { path, recursive: true } } }));
}

interface EachOptions {
  /** When aborted, operations under way are finished, and no others are begun. */
  signal?: AbortSignal | undefined;
  /** Called with how many are done so far. */
  onProgress?: ((done: number) => void) | undefined;
}

/** What came of a deed. */
interface Ended<T> {
  done: T[];
  failed: { path: Path; error: unknown }[];
}

/** Does something to entries, four at a time, and returns which were done and which failed. */
async function each<T>(paths: readonly Path[], deed: (path: Path) => Promise<T>, { signal, onProgress }: EachOptions = {}): Promise<Ended<T>> {
  const done: T[] = [];
  const failed: { path: Path; error: unknown }[] = [];
  const left = [...paths].reverse();
  const work = async () => {
    for (let path = left.pop(); path !== undefined && signal?.aborted !== true; path = left.pop()) {
      try {
        done.push(await deed(path));
        onProgress?.(done.length);
      } catch (error) {
        failed.push({ path, error });
      }
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return { done, failed };
}

function what(paths: readonly Path[]): string {
  const [first] = paths;
  return paths.length === 1 && first !== undefined ? `“${visibleName(nameOf(first))}”` : count(paths.length, "item");
}

function tellFailures(failed: readonly { path: Path; error: unknown }[], verb: string): void {
  const [first] = failed;
  if (first === undefined) return;
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : "";
  toast({ text: `“${visibleName(nameOf(first.path))}”${others} could not be ${verb}. ${wordsFor(first.error)}`, tone: "bad" });
}

/**
 * Refreshes the listings and trees that show paths, and what is told of trashes and of storage, after something was created or removed there. It
 * returns when the listings and trashes that are shown have been read again.
 */
export async function refresh(queries: QueryClient, paths: readonly Path[]): Promise<void> {
  const keys = [...[...new Set(paths.map(parentOf))].map(listingKey), ["deleted"], ["deletions"]];
  const read = keys.map((queryKey) => queries.invalidateQueries({ queryKey }));
  forgetDirectories(queries, paths);
  refreshStorage(queries);
  await Promise.all(read);
}

const underWay = new Set<Path>(); // what is being moved to the trash or restored, until it is no longer shown where it was

/**
 * Does something to those of paths to which it is not being done yet: a second click or key press would only report that they are gone. touched returns the
 * paths to refresh afterwards. all says whether it was done to all of them.
 */
async function once<T>(
  queries: QueryClient,
  paths: readonly Path[],
  deed: (path: Path) => Promise<T>,
  touched: (free: readonly Path[]) => readonly Path[],
): Promise<Ended<T> & { all: boolean }> {
  const free = paths.filter((path) => !underWay.has(path));
  if (free.length === 0) return { done: [], failed: [], all: paths.length === 0 };
  for (const path of free) underWay.add(path);
  const ended = await each(free, deed);
  const release = (those: readonly Path[]) => those.forEach((path) => underWay.delete(path));
  const failed = new Set(ended.failed.map(({ path }) => path));
  release([...failed]); // they may be tried again
  void refresh(queries, touched(free)).finally(() => release(free.filter((path) => !failed.has(path))));
  return { ...ended, all: ended.done.length === paths.length };
}

/** Moves entries to the trash, and offers to undo it. It returns whether all were moved. */
export async function moveToTrash(queries: QueryClient, paths: readonly Path[]): Promise<boolean> {
  const { done, failed, all } = await once(queries, paths, discard, (free) => free);
  tellFailures(failed, "deleted");
  if (done.length > 0) {
    toast({
      text: `${what(done.map((m) => m.from))} moved to the trash.`,
      action: { label: "Undo", run: () => void bringBack(queries, done) },
    });
  }
  return all;
}

async function bringBack(queries: QueryClient, moves: readonly Move[]): Promise<boolean> {
  const back = new Map(moves.map((m) => [m.to, m.from]));
  const cameFrom = (to: Path) => back.get(to) ?? to;
  const deed = async (to: Path) => {
    const from = cameFrom(to);
    await ask(api.PUT("/api/v1/fs/mkdirs", { params: { query: { path: parentOf(from) } } }));
    await rename({ from: to, to: from });
    return from;
  };
  const { done, failed, all } = await once(queries, [...back.keys()], deed, (free) => [...free, ...free.map(cameFrom)]);
  tellFailures(failed, "restored");
  if (done.length > 0) toast({ text: `${what(done)} restored.` });
  return all;
}

/** Restores entries of a trash to where they were. It returns whether all were restored. */
export async function restore(queries: QueryClient, paths: readonly Path[]): Promise<boolean> {
  const moves = paths.flatMap((to) => {
    const from = deletedFrom(to);
    return from === undefined ? [] : [{ from, to }];
  });
  return bringBack(queries, moves);
}

/** Deletes entries for good, unless it is stopped. It returns whether all were deleted. */
export async function deleteForGood(queries: QueryClient, paths: readonly Path[], options: EachOptions = {}): Promise<boolean> {
  const deed = async (path: Path) => {
    await erase(path);
    return path;
  };
  const { done, failed } = await each(paths, deed, options);
  void refresh(queries, paths);
  tellFailures(failed, "deleted");
  if (done.length > 0) toast({ text: `${what(done)} deleted for good.` });
  return done.length === paths.length;
}

/** The address from which a browser saves a file. */
export function downloadAddress(path: Path): string {
  return `/api/v1/fs/open?${new URLSearchParams({ path }).toString()}`;
}
