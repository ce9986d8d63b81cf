import { useSyncExternalStore } from "react";

let open: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function set(next: readonly HTMLDialogElement[]): void {
  open = next;
  for (const tell of listeners) tell();
}

/** Says that a modal dialog was opened, above those that are. What it returns says that it is gone. */
export function opened(dialog: HTMLDialogElement): () => void {
  set([...open, dialog]);
  return () => set(open.filter((d) => d !== dialog));
}

/** The dialog above all others, undefined if none is open. Nothing outside it can be seen well, clicked or read aloud. */
export function useTopDialog(): HTMLDialogElement | undefined {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => open.at(-1),
  );
}
