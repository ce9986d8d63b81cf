import { useEffect, useId, useLayoutEffect, useRef, type ReactElement, type ReactNode } from "react";
import { opened } from "./dialogs";
import { Icon } from "./Icon";

interface DialogProps {
  title: string;
  /** Called when somebody closes it, by its button, with Escape or with a click beside it. */
  onClose: () => void;
  /** False while something is under way that closing would not end. */
  closable?: boolean;
  /** For what has long lines. */
  wide?: boolean;
  children: ReactNode;
}

function show(dialog: HTMLDialogElement): void {
  dialog.showModal();
  // The browser took what can be focused first, the button that closes it.
  dialog.querySelector<HTMLElement>("[data-first]")?.focus();
}

/**
 * A dialog above everything else. The browser keeps the focus in it, and gives it back when the dialog goes. What has the attribute data-first
 * gets the focus at first.
 */
export function Dialog({ title, onClose, closable = true, wide = false, children }: DialogProps): ReactElement {
  const ref = useRef<HTMLDialogElement>(null);
  const leaving = useRef(false);
  const id = useId();
  // Before it is taken out of the page, or hidden until another part of the application has come: of one that is out the browser gives no focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    leaving.current = false;
    if (!dialog.open) show(dialog);
    return () => {
      leaving.current = true;
      dialog.close();
    };
  }, []);
  useEffect(() => (ref.current === null ? undefined : opened(ref.current)), []);
  return (
    <dialog
      ref={ref}
      className={wide ? "dialog wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        if (closable) onClose();
      }}
      onClose={({ currentTarget: dialog }) => {
        if (dialog.open || leaving.current) return;
        // Who presses Escape again and again is not held by a page: the browser closes the dialog without asking it.
        if (closable) onClose();
        else show(dialog);
      }}
      onMouseDown={(e) => {
        if (closable && e.target === e.currentTarget) onClose();
      }}
      onKeyDown={(e) => e.stopPropagation() /* keys of what is behind mean nothing here */}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          {closable && (
            <button type="button" className="quiet square" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
