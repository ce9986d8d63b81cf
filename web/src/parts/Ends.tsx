import type { ReactElement } from "react";
import { wordsFor } from "../api/client";

interface EndsProps {
  onClose: () => void;
  /** What the button says that does it. */
  label: string;
  disabled: boolean;
  /** What went wrong; "" or null for nothing. */
  fault: string | Error | null;
  /** What it does weighs, and is red. */
  danger?: boolean;
}

/** The end of a form in a dialog: what went wrong, and its two buttons. */
export function Ends({ onClose, label, disabled, fault, danger = false }: EndsProps): ReactElement {
  return (
    <>
      <p className="fault" role="alert">
        {fault instanceof Error ? wordsFor(fault) : fault}
      </p>
      <div className="ends">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className={danger ? "danger solid" : "primary"} disabled={disabled}>
          {label}
        </button>
      </div>
    </>
  );
}
