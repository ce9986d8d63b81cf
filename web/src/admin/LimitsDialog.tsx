import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { toast } from "../parts/toasts";
import { projectsKey, type ProjectRecord } from "./asked";
import { bytesOf, limitText, namesOf } from "./limits";

/** Sets how much a project may hold. */
export function LimitsDialog({ project, onClose }: { project: ProjectRecord; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [before] = useState(() => ({
    bytes: limitText(project.quota?.bytesLimit ?? -1),
    names: (project.quota?.namesLimit ?? -1) < 0 ? "" : String(project.quota?.namesLimit),
  }));
  const [bytes, setBytes] = useState(before.bytes);
  const [names, setNames] = useState(before.names);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const [bytesLimit, namesLimit] = [bytesOf(bytes), namesOf(names)];
    if (bytesLimit === undefined) return setRefused(`“${bytes}” is no size: want one such as 500 GiB or 2 TB, or nothing for no limit.`);
    if (namesLimit === undefined) return setRefused(`“${names}” is no number of files: want one such as 1000000, or nothing for no limit.`);
    setBusy(true);
    setRefused("");
    try {
      // Only what was changed here is sent: another superuser may have changed the other meanwhile.
      const body = { ...(bytes === before.bytes ? {} : { bytesLimit }), ...(names === before.names ? {} : { namesLimit }) };
      await ask(api.PATCH("/api/v1/projects/{project}", { params: { path: { project: project.name } }, body }));
      toast({ text: `The limits of ${project.name} are set.` });
      onClose();
      await queries.invalidateQueries({ queryKey: projectsKey });
    } catch (failure) {
      setRefused(wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`What ${project.name} may hold`} onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <label>
          Bytes, as often as files are replicated
          <input data-first="" placeholder="no limit" spellCheck={false} value={bytes} onChange={(e) => setBytes(e.target.value)} />
        </label>
        <label>
          Files and folders
          <input inputMode="numeric" placeholder="no limit" value={names} onChange={(e) => setNames(e.target.value)} />
        </label>
        <p className="faint">What is there stays, also if it is more. Nothing can be added then until there is room.</p>
        <Ends onClose={onClose} label="Set them" disabled={busy} fault={refused} />
      </form>
    </Dialog>
  );
}
