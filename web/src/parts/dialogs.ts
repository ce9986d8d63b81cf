import { useSyncExternalStore } from "react";

let open: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function set(next: readonly HTMLDialogElement[]): void {
  open = next;
  for (const tell of listeners) tell();
}

/** Registers a modal dialog that was opened above all others. It returns a function to call when the dialog is gone. */
export function opened(dialog: HTMLDialogElement): () => void {
  set([...open, dialog]);
  return () => set(open.filter((d) => d !== dialog));
}

/** The topmost open dialog, if any. Everything outside it is dimmed, cannot be clicked and is not read aloud. */
export function useTopDialog(): HTMLDialogElement | undefined {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => open.at(-1),
  );
}
