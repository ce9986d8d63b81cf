import { useSyncExternalStore, type ReactElement } from "react";
import { createPortal } from "react-dom";
import { useTopDialog } from "./dialogs";
import { Icon } from "./Icon";

/** A short message about something that happened. */
export interface Toast {
  text: string;
  tone?: "plain" | "bad";
  /** An action on it, such as undoing it. */
  action?: { label: string; run: () => void };
}

interface Shown extends Toast {
  id: number;
}

const stays = 8000; // milliseconds; twice that for errors and messages with an action
let shown: readonly Shown[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Shown[]): void {
  shown = next;
  for (const tell of listeners) tell();
}

/** Shows a message for some seconds, and announces it to screen readers. */
export function toast(said: Toast): void {
  const id = ++last;
  set([...shown.slice(-3), { ...said, id }]);
  setTimeout(() => drop(id), said.action || said.tone === "bad" ? 2 * stays : stays);
}

function drop(id: number): void {
  set(shown.filter((t) => t.id !== id));
}

function One({ said }: { said: Shown }): ReactElement {
  return (
    <div className={said.tone === "bad" ? "toast bad" : "toast"}>
      <span>{said.text}</span>
      {said.action && (
        <button
          type="button"
          className="link"
          onClick={() => {
            drop(said.id);
            said.action?.run();
          }}
        >
          {said.action.label}
        </button>
      )}
      <button type="button" className="quiet square" aria-label="Dismiss" onClick={() => drop(said.id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** The container of toasts, in the topmost dialog if one is open. The application has one. */
export function Toasts(): ReactElement {
  const all = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => shown,
  );
  const dialog = useTopDialog();
  return createPortal(
    <div className="toasts" role="status" aria-live="polite">
      {all.map((t) => (
        <One key={t.id} said={t} />
      ))}
    </div>,
    dialog ?? document.body,
  );
}
