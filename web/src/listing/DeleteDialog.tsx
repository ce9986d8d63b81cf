import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { count } from "../format";
import { Dialog } from "../parts/Dialog";
import { percent, Spoken } from "../parts/Spoken";
import { nameOf, visibleName, type Path } from "../path";
import { deleteForGood } from "./actions";

interface DeleteDialogProps {
  paths: readonly Path[];
  onClose: () => void;
  /** Called instead of onClose when all are deleted. */
  onGone?: () => void;
}

/** Asks for confirmation before entries are deleted for good, and shows progress. When it is stopped, or the page is left, the remaining entries stay. */
export function DeleteDialog({ paths, onClose, onGone }: DeleteDialogProps): ReactElement {
  const queries = useQueryClient();
  const [done, setDone] = useState<number>(); // undefined until it is confirmed
  const [stopped, setStopped] = useState(false);
  const under = useRef<AbortController>(undefined);
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
      under.current?.abort();
    };
  }, []);
  const begin = async () => {
    under.current = new AbortController();
    setDone(0);
    const all = await deleteForGood(queries, paths, { signal: under.current.signal, onProgress: setDone });
    if (open.current) (all ? (onGone ?? onClose) : onClose)(); // once this is closed, onClose could close another dialog
  };
  const [first] = paths;
  const what = paths.length === 1 && first !== undefined ? `“${visibleName(nameOf(first))}”` : count(paths.length, "item");
  if (done !== undefined) {
    return (
      <Dialog title={`Deleting ${what} for good`} closable={false} onClose={onClose}>
        <p>{`${done.toLocaleString("en")} of ${count(paths.length, "item")} deleted.`}</p>
        <progress aria-label="Progress of deletion" value={done} max={paths.length} />
        <Spoken text={`Deleting, ${percent(done, paths.length)}`} />
        <div className="ends">
          <button
            type="button"
            disabled={stopped}
            onClick={() => {
              setStopped(true);
              under.current?.abort();
            }}
          >
            {stopped ? "Stopping…" : "Stop"}
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={`Delete ${what} for good?`} onClose={onClose}>
      <p>Folders are deleted with everything in them. This cannot be undone.</p>
      <div className="ends">
        <button type="button" onClick={onClose} data-first="">
          Cancel
        </button>
        <button type="button" className="danger solid" onClick={() => void begin()}>
          Delete for good
        </button>
      </div>
    </Dialog>
  );
}
