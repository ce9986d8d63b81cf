import { useEffect, useState, useSyncExternalStore, type ReactElement } from "react";
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
  readonly id: number;
  /** Whether screen readers have begun to read it out. */
  read: boolean;
}

const stays = 8000; // milliseconds; twice that for errors and messages with an action
const settles = 150; // milliseconds, after which screen readers know of a status that is new in the page
const begins = 1000; // milliseconds, after which they have begun to read out what came into it
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
  set([...shown.slice(-3), { ...said, id, read: false }]);
  setTimeout(() => fade(id), said.action || said.tone === "bad" ? 2 * stays : stays);
}

/** Drops a message, but none that somebody points at or has the focus in, who may be about to answer it. */
function fade(id: number): void {
  const all = document.querySelector(".toasts");
  if (all?.matches(":hover") === true || all?.contains(document.activeElement) === true) setTimeout(() => fade(id), stays);
  else drop(id);
}

function drop(id: number): void {
  set(shown.filter((t) => t.id !== id));
}

function One({ said }: { said: Shown }): ReactElement {
  const [again] = useState(said.read);
  useEffect(() => {
    const timer = setTimeout(() => {
      said.read = true;
    }, begins);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div className={said.tone === "bad" ? "toast bad" : "toast"} aria-live={again ? "off" : undefined}>
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

/**
 * The messages in one container. They come a little later than it: screen readers read out what changes in a status, and nothing that it contains from the
 * start, as it would when a dialog closes and says that something was saved.
 */
function Layer({ all }: { all: readonly Shown[] }): ReactElement {
  const [known, setKnown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setKnown(true), settles);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {known && all.map((t) => <One key={t.id} said={t} />)}
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
  return createPortal(<Layer all={all} />, dialog ?? document.body);
}
