const name = "granary-uploads"; // of a lock that all tabs of this browser share which upload

// Browsers have locks on pages that came encrypted, or from this machine. Elsewhere tabs know nothing of each other.
const locks = typeof navigator === "undefined" ? undefined : (navigator.locks as LockManager | undefined);

let release: (() => void) | undefined;

/** Says to the other tabs whether this one uploads. Who closes a tab says that it does not. */
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

/** Does something once no tab uploads, unless signal is aborted before. */
export async function whenNobodyUploads(signal: AbortSignal, deed: () => Promise<void>): Promise<void> {
  if (locks === undefined) return deed();
  try {
    for (let done = false; !done; ) {
      await locks.request(name, { signal }, () => Promise.resolve());
      // Whoever began to upload meanwhile waited behind this, and has it now.
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
