import type { Path } from "../path";

/**
 * What this browser remembers of uploads while they are under way, so that who loads the page again, and chooses the same folder, sends nothing
 * twice: files that are complete, and how many were to be sent. It is kept in IndexedDB for a day. Without that nothing is remembered, and all is
 * asked of the server.
 */
export interface Journal {
  /** Notes that files are to be sent to dir. */
  begun: (dir: Path, files: number) => Promise<void>;
  /** Notes that a file is on the server, with the ETag that it got there, where that is known. */
  done: (path: Path, file: File, etag?: string) => Promise<void>;
  /** The ETag that just this file got when it was sent to path; undefined if it was not, or that is not known. */
  sent: (path: Path, file: File) => Promise<string | undefined>;
  /** What was begun and not completed. */
  open: () => Promise<{ dir: Path; files: number; done: number } | undefined>;
  /** Forgets all. */
  clear: () => Promise<void>;
}

const life = 24 * 60 * 60 * 1000; // milliseconds

interface Begun {
  dir: Path;
  files: number;
  at: number;
}

function whole<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

function database(): Promise<IDBDatabase> {
  const request = indexedDB.open("granary-uploads", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("begun");
    request.result.createObjectStore("done");
  };
  return whole(request);
}

const keyOf = (path: Path, file: File) => [path, file.size, file.lastModified];

/** The journal in this browser's IndexedDB. */
export function openJournal(): Journal {
  const opened = database();
  opened.catch(() => undefined); // whoever waits for it is told
  const store = async (name: "begun" | "done", mode: IDBTransactionMode) => (await opened).transaction(name, mode).objectStore(name);
  const quietly = async (deed: () => Promise<unknown>) => {
    try {
      await deed();
    } catch {
      // Private windows have no IndexedDB. Then the server is asked.
    }
  };
  const last = async (): Promise<Begun | undefined> => {
    const begun = (await whole((await store("begun", "readonly")).get("last"))) as Begun | undefined;
    return begun !== undefined && Date.now() - begun.at < life ? begun : undefined;
  };
  const clear = () =>
    quietly(async () => {
      await whole((await store("begun", "readwrite")).clear());
      await whole((await store("done", "readwrite")).clear());
    });
  return {
    begun: (dir, files) =>
      quietly(async () => {
        if ((await last()) === undefined) await clear();
        await whole((await store("begun", "readwrite")).put({ dir, files, at: Date.now() } satisfies Begun, "last"));
      }),
    done: (path, file, etag = "") => quietly(async () => whole((await store("done", "readwrite")).put(etag, keyOf(path, file)))),
    sent: async (path, file) => {
      try {
        if ((await last()) === undefined) return undefined;
        const etag: unknown = await whole((await store("done", "readonly")).get(keyOf(path, file)));
        return typeof etag === "string" && etag !== "" ? etag : undefined;
      } catch {
        return undefined;
      }
    },
    open: async () => {
      try {
        const begun = await last();
        if (begun === undefined) return undefined;
        const done = await whole((await store("done", "readonly")).count());
        return done < begun.files ? { dir: begun.dir, files: begun.files, done } : undefined;
      } catch {
        return undefined;
      }
    },
    clear,
  };
}

/** A journal that remembers nothing. */
export const noJournal: Journal = {
  begun: () => Promise.resolve(),
  done: () => Promise.resolve(),
  sent: () => Promise.resolve(undefined),
  open: () => Promise.resolve(undefined),
  clear: () => Promise.resolve(),
};
