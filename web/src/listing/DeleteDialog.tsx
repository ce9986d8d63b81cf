import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { count } from "../format";
import { Dialog } from "../parts/Dialog";
import { nameOf, visible, type Path } from "../path";
import { deleteForGood } from "./actions";

/** Asks before entries are deleted that no trash keeps. */
export function DeleteDialog({ paths, onClose }: { paths: readonly Path[]; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [first] = paths;
  const what = paths.length === 1 && first !== undefined ? `“${visible(nameOf(first))}”` : count(paths.length, "entry", "entries");
  return (
    <Dialog title={`Delete ${what} for good?`} onClose={onClose}>
      <p>Directories go with all that is in them. This cannot be undone.</p>
      <div className="ends">
        <button type="button" onClick={onClose} data-first="">
          Keep
        </button>
        <button
          type="button"
          className="danger solid"
          disabled={busy}
          onClick={() => {
            setBusy(true);
            void deleteForGood(queries, paths).then(onClose);
          }}
        >
          Delete for good
        </button>
      </div>
    </Dialog>
  );
}
