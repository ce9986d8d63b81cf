import { useEffect, useId, useLayoutEffect, useRef, type MouseEvent, type ReactElement, type ReactNode } from "react";
import { opened } from "./dialogs";
import { Icon } from "./Icon";

interface DialogProps {
  title: string;
  /** Called when the user closes it, with its button, with Escape or with a click outside. */
  onClose: () => void;
  /** False while something is under way that closing would not stop. */
  closable?: boolean;
  /** For content with long lines. */
  wide?: boolean;
  children: ReactNode;
}

function show(dialog: HTMLDialogElement): void {
  dialog.showModal();
  // The browser has focused the first focusable element, which is the close button.
  dialog.querySelector<HTMLElement>("[data-first]")?.focus();
}

/** Whether the pointer is outside of an element, as on the backdrop of a dialog. The dialog is the target there, but also on its own scroll bar. */
function outside({ currentTarget, clientX: x, clientY: y }: MouseEvent): boolean {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}

/**
 * A modal dialog. The browser keeps the focus in it, and restores it when the dialog closes. The element with the attribute data-first gets the focus
 * at first.
 */
export function Dialog({ title, onClose, closable = true, wide = false, children }: DialogProps): ReactElement {
  const ref = useRef<HTMLDialogElement>(null);
  const leaving = useRef(false);
  const id = useId();
  // A layout effect closes it before it is removed from the page, or hidden while a part of the application loads: the browser does not restore the focus
  // from a dialog that has been removed.
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
        // If Escape is pressed repeatedly, the browser closes the dialog without a cancel event, so that no page can trap the user.
        if (closable) onClose();
        else show(dialog);
      }}
      onMouseDown={(e) => {
        if (closable && e.target === e.currentTarget && outside(e)) onClose();
      }}
      onKeyDown={(e) => e.stopPropagation() /* shortcuts of the page behind do not apply here */}
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
