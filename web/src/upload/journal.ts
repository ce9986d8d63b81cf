import type { Path } from "../path";

/**
 * What this browser remembers of a user's uploads while they are under way: which files are complete, and how many there are in all. So a user who reloads
 * the page and chooses the same folder again sends nothing twice. It is kept in IndexedDB for a day, for each user separately. Without IndexedDB nothing is
 * remembered, and the server is asked about each file.
 */
export interface Journal {
  /** Records how many files there are to send, including those that are complete, and the directory of the latest. */
  begun: (dir: Path, files: number) => Promise<void>;
  /** Records that a file is on the server, with its ETag there, if known. */
  done: (path: Path, file: File, etag?: string) => Promise<void>;
  /** The ETag that this very file got when it was sent to path; undefined if it was not sent, or the ETag is not known. */
  sent: (path: Path, file: File) => Promise<string | undefined>;
  /** The uploads that were begun and not completed. */
  open: () => Promise<{ dir: Path; files: number; done: number } | undefined>;
  /** Removes all records of the user. */
  clear: () => Promise<void>;
}

const life = 24 * 60 * 60 * 1000; // milliseconds

interface Begun {
  user: string;
  /** Identifies the uploads that were begun together, also after a reload with the same files. */
  run: string;
  dir: Path;
  files: number;
  at: number;
}

/** A file that is complete: its ETag, "" if that is not known, and the uploads that it counts among. */
interface Done {
  etag: string;
  run: string;
}

function whole<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

function database(): Promise<IDBDatabase> {
  // A new shape needs a new name: a new version would wait until no tab has the old one open.
  const request = indexedDB.open("granary-uploads", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("begun", { keyPath: "user" });
    request.result.createObjectStore("done").createIndex("run", "run");
  };
  return whole(request);
}

const keyOf = (user: string, path: Path, file: File) => [user, path, file.size, file.lastModified];

/** The range of all keys of a user: in the order of IndexedDB, arrays sort after all strings. */
const keysOf = (user: string) => IDBKeyRange.bound([user], [user, []]);

/** The journal in this browser's IndexedDB. user names who is signed in. */
export function openJournal(user: () => string): Journal {
  const opened = database();
  opened.catch(() => undefined); // those that await it handle the error
  const store = async (name: "begun" | "done", mode: IDBTransactionMode) => (await opened).transaction(name, mode).objectStore(name);
  let turn: Promise<unknown> = Promise.resolve();
  let run: string | undefined; // of the uploads of this page
  /** Runs operations one after the other. Errors are ignored, since private windows may have no IndexedDB. */
  const inTurn = <T>(deed: () => Promise<T>): Promise<T | undefined> => {
    const done = turn.then(deed).catch(() => undefined);
    turn = done;
    return done;
  };
  const quietly = async (deed: () => Promise<unknown>) => {
    await inTurn(deed);
  };
  const last = async (): Promise<Begun | undefined> => {
    const begun = (await whole((await store("begun", "readonly")).get(user()))) as Begun | undefined;
    return begun !== undefined && Date.now() - begun.at < life ? begun : undefined;
  };
  const forget = async (whose: string) => {
    await whole((await store("begun", "readwrite")).delete(whose));
    await whole((await store("done", "readwrite")).delete(keysOf(whose)));
  };
  const forgetOld = async () => {
    const all = (await whole((await store("begun", "readonly")).getAll())) as Begun[];
    for (const begun of all) if (Date.now() - begun.at >= life) await forget(begun.user);
  };
  return {
    begun: (dir, files) =>
      quietly(async () => {
        await forgetOld();
        const before = await last();
        if (before === undefined) await forget(user());
        // What is remembered of other uploads, so that it is not sent again, must not count as a part of these.
        run ??= before !== undefined && before.dir === dir && before.files === files ? before.run : crypto.randomUUID();
        await whole((await store("begun", "readwrite")).put({ user: user(), run, dir, files, at: Date.now() } satisfies Begun));
      }),
    done: (path, file, etag = "") =>
      quietly(async () => whole((await store("done", "readwrite")).put({ etag, run: run ?? "" } satisfies Done, keyOf(user(), path, file)))),
    sent: (path, file) =>
      inTurn(async () => {
        if ((await last()) === undefined) return undefined;
        const done = (await whole((await store("done", "readonly")).get(keyOf(user(), path, file)))) as Done | undefined;
        return done?.etag || undefined;
      }),
    open: () =>
      inTurn(async () => {
        const begun = await last();
        if (begun === undefined) return undefined;
        const done = await whole((await store("done", "readonly")).index("run").count(begun.run));
        return done < begun.files ? { dir: begun.dir, files: begun.files, done } : undefined;
      }),
    clear: () =>
      quietly(async () => {
        run = undefined;
        await forget(user());
      }),
  };
}

/** A journal without storage. */
export const noJournal: Journal = {
  begun: () => Promise.resolve(),
  done: () => Promise.resolve(),
  sent: () => Promise.resolve(undefined),
  open: () => Promise.resolve(undefined),
  clear: () => Promise.resolve(),
};
