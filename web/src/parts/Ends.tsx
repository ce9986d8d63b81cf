import type { ReactElement } from "react";
import { wordsFor } from "../api/client";

interface EndsProps {
  onClose: () => void;
  /** The label of the submit button. */
  label: string;
  disabled: boolean;
  /** The error, if any. */
  fault: string | Error | null;
  /** The id of the element with the error, for the field that it is about. */
  faultId?: string;
  /** Whether the action is destructive, which makes the button red. */
  danger?: boolean;
}

/** The end of a form in a dialog: the error, and the two buttons. */
export function Ends({ onClose, label, disabled, fault, faultId, danger = false }: EndsProps): ReactElement {
  return (
    <>
      <p id={faultId} className="fault" role="alert">
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
