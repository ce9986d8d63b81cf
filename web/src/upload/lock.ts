const name = "granary-uploads"; // of a lock that is shared by all tabs of this browser that upload

// Browsers offer locks only to pages from https or localhost. On others, tabs do not know of each other's uploads.
const locks = typeof navigator === "undefined" ? undefined : (navigator.locks as LockManager | undefined);

let release: (() => void) | undefined;

/** Tells the other tabs whether this one uploads. Closing a tab releases its lock. */
export function sayUploading(uploading: boolean): void {
  if (uploading === (release !== undefined)) return;
  if (uploading) {
    const over = new Promise<void>((done) => {
      release = done;
    });
    void locks?.request(name, { mode: "shared" }, () => over);
  } else {
    release?.();
    release = undefined;
  }
}

/** Does something once no tab uploads, unless signal is aborted first. */
export async function whenNobodyUploads(signal: AbortSignal, deed: () => Promise<void>): Promise<void> {
  if (locks === undefined) return deed();
  try {
    for (let done = false; !done; ) {
      await locks.request(name, { signal }, () => Promise.resolve());
      // A tab that began to upload in the meantime was queued behind this request, and has the lock now.
      await unlessSomebodyUploads(async () => {
        done = true;
        await deed();
      });
    }
  } catch (e) {
    if (!signal.aborted) throw e;
  }
}

/** Does something unless a tab uploads. */
export async function unlessSomebodyUploads(deed: () => Promise<void>): Promise<void> {
  if (locks === undefined) return deed();
  await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await deed();
  });
}
