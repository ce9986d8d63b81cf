import { useId, useState, type FormEvent, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { PathText } from "../parts/PathText";
import { join, nameFault, type Path } from "../path";
import { makeDirectory } from "./actions";

interface NewFolderProps {
  dir: Path;
  /** Whether dir has an entry of this name. */
  taken: (name: string) => boolean;
  onClose: () => void;
  onMade: (name: string) => void;
}

/** Asks for a name and creates a directory. */
export function NewFolder({ dir, taken, onClose, onMade }: NewFolderProps): ReactElement {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const id = useId();
  const fault = name === "" ? undefined : taken(name) ? "This name is already taken." : nameFault(name);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (name === "" || fault !== undefined) return;
    setBusy(true);
    try {
      await makeDirectory(join(dir, name));
      onMade(name);
    } catch (failure) {
      setRefused(wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title="New folder" onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <label>
          Name
          <input
            data-first=""
            value={name}
            aria-invalid={fault !== undefined || refused !== ""}
            aria-describedby={id}
            onChange={(e) => {
              setName(e.target.value);
              setRefused("");
            }}
          />
        </label>
        <p id={id} className="fault" role="alert">
          {fault ?? refused}
        </p>
        <p className="faint">
          Path: <PathText path={join(dir, name === "" ? "…" : name)} />
        </p>
        <div className="ends">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={busy || name === "" || fault !== undefined}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  );
}
