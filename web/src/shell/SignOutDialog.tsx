import { useState, type ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { underWay } from "./signOut";

/** Asks for confirmation before signing out while something is under way. */
export default function SignOutDialog({ onClose, onSure }: { onClose: () => void; onSure: () => void }): ReactElement {
  const [what] = useState(underWay);
  return (
    <Dialog title="Sign out now?" onClose={onClose}>
      <p>{`Signing out will cancel ${what} in progress.`}</p>
      <div className="ends">
        <button type="button" onClick={onClose} data-first="">
          Cancel
        </button>
        <button
          type="button"
          className="danger solid"
          onClick={() => {
            onClose();
            onSure();
          }}
        >
          Sign out
        </button>
      </div>
    </Dialog>
  );
}
