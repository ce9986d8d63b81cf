import { api, ApiError, ask, retriable, wordsFor, type FileStatus } from "../api/client";
import { join, namesOf, type Path } from "../path";
import type { AccessChange } from "./draft";

/** Something to change. With a tag, it is changed only if it still has that tag, so that nobody else's change is overwritten. */
export interface Target {
  path: Path;
  directory: boolean;
  tag?: string;
}

/** Why something was not changed, or why a directory could not be listed. */
export interface Failed {
  target: Target;
  words: string;
  /** Someone else has changed it in the meantime. */
  conflict: boolean;
  /** Everything below it is unchanged, too. */
  unseen: boolean;
}

/** The progress of a change of many entries. */
export interface Progress {
  phase: "looking" | "changing" | "done" | "stopped";
  /** How many entries there are to change, as far as is known yet. */
  found: number;
  done: number;
  /** How many of those that are done really changed. */
  changed: number;
  failed: readonly Failed[];
}

const atOnce = 200; // paths of one request
const patience = 6; // attempts at a request that fails for a passing reason

/** The requests made to the server, so that tests can answer them. */
export interface Server {
  change: (change: AccessChange, targets: readonly Target[]) => Promise<readonly { changed: boolean; problem?: { status: number; detail: string } }[]>;
  list: (dir: Path, after: string | undefined) => Promise<{ entries: readonly FileStatus[]; more: boolean }>;
  wait: (seconds: number) => Promise<void>;
}

const server: Server = {
  change: async (change, targets) =>
    (await ask(api.POST("/api/v1/access/change", { body: { change, targets: targets.map(({ path, tag }) => (tag === undefined ? { path } : { path, tag })) } }))).items,
  list: async (path, startafter) => {
    const { partialListing, remainingEntries } = (await ask(api.GET("/api/v1/fs/list-status-batch", { params: { query: startafter === undefined ? { path } : { path, startafter } } })))
      .DirectoryListing;
    return { entries: partialListing.FileStatuses.FileStatus, more: remainingEntries > 0 };
  },
  wait: (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds)),
};

/** Whether an entry of dir is not dir's own content: the trash, and what others share with the project. A change of dir leaves these alone. */
function apart(dir: Path, name: string): boolean {
  const names = namesOf(dir);
  return name === ".Trash" || (names.length === 3 && names[0] === "Projects" && names[2] === "Shared");
}

class Stopped extends Error {}

/**
 * Applies a change to entries and, if below is set, to everything below them, and reports progress. The deepest entries come first, so that a change
 * cannot shut the caller out of a directory whose entries are still to be changed. Directories that could not be listed are tried again once they are
 * changed themselves.
 */
export async function applyChange(
  change: AccessChange,
  targets: readonly Target[],
  below: boolean,
  signal: AbortSignal,
  tell: (progress: Progress) => void,
  of: Server = server,
): Promise<Progress> {
  const failed: Failed[] = [];
  let now: Progress = { phase: below ? "looking" : "changing", found: targets.length, done: 0, changed: 0, failed };
  const set = (more: Partial<Progress>) => {
    now = { ...now, ...more };
    tell(now);
  };
  const fail = (target: Target, words: string, conflict = false, unseen = false) => void failed.push({ target, words, conflict, unseen });

  /** Repeats a request for as long as it fails for reasons that may pass. */
  const patiently = async <T>(question: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      if (signal.aborted) throw new Stopped();
      try {
        return await question();
      } catch (e) {
        if (!(e instanceof ApiError) || !retriable(e.status) || e.status === 401 || tries === patience) throw e;
        await of.wait(e.retryAfter || tries);
      }
    }
  };

  const changeAll = async (all: readonly Target[]) => {
    for (let i = 0; i < all.length; i += atOnce) {
      const some = all.slice(i, i + atOnce);
      try {
        const items = await patiently(() => of.change(change, some));
        items.forEach(({ problem }, k) => {
          const target = some[k];
          if (problem !== undefined && target !== undefined) fail(target, problem.detail, problem.status === 412);
        });
        set({ done: now.done + some.length, changed: now.changed + items.filter((item) => item.changed).length });
      } catch (e) {
        if (e instanceof Stopped) throw e;
        for (const target of some) fail(target, wordsFor(e));
        set({ done: now.done + some.length });
        if (e instanceof ApiError && (e.status === 401 || e.status === 0)) throw e; // all other requests would fail in the same way
      }
    }
  };

  /** Everything below some directories, level by level, and the directories that could not be listed. */
  const lookBelow = async (tops: readonly Target[]): Promise<{ levels: Target[][]; closed: { target: Target; error: unknown }[] }> => {
    const levels: Target[][] = [];
    const closed: { target: Target; error: unknown }[] = [];
    let level: readonly Target[] = tops;
    while (level.length > 0) {
      const next: Target[] = [];
      for (const dir of level) {
        if (!dir.directory) continue;
        try {
          for (let after: string | undefined, more = true; more; ) {
            const page = await patiently(() => of.list(dir.path, after));
            const entries = page.entries.filter((e) => !apart(dir.path, e.pathSuffix));
            for (const e of entries) next.push({ path: join(dir.path, e.pathSuffix), directory: e.type === "DIRECTORY" });
            after = page.entries.at(-1)?.pathSuffix;
            more = page.more && after !== undefined;
            set({ found: now.found + entries.length });
          }
        } catch (error) {
          if (error instanceof Stopped) throw error;
          closed.push({ target: dir, error });
        }
      }
      if (next.length > 0) levels.push(next);
      level = next;
    }
    return { levels, closed };
  };

  tell(now);
  try {
    let tops = targets;
    let first = true;
    for (;;) {
      const { levels, closed } = below ? await lookBelow(tops) : { levels: [], closed: [] };
      set({ phase: "changing" });
      for (const level of levels.reverse()) await changeAll(level);
      if (first) await changeAll(targets);
      // A directory that could not be listed may be open to the caller now that it is changed.
      const again = first ? closed.filter(({ target }) => !failed.some((f) => f.target.path === target.path)) : [];
      for (const { target, error } of closed) if (!again.some((a) => a.target === target)) fail(target, `The items inside it were not changed: ${wordsFor(error)}`, false, true);
      if (again.length === 0) break;
      tops = again.map(({ target }) => target);
      first = false;
    }
    set({ phase: "done" });
  } catch (e) {
    if (e instanceof Stopped) set({ phase: "stopped" });
    else {
      // The server does not answer, or the session has ended: the rest counts as failed.
      set({ phase: "stopped" });
      throw e;
    }
  }
  return now;
}
