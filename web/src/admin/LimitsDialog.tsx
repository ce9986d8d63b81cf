import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { tiedTo } from "../parts/tied";
import { toast } from "../parts/toasts";
import { projectsKey, type ProjectRecord } from "./asked";
import { bytesOf, limitText, namesOf } from "./limits";

/** Sets the limits of a project. */
export function LimitsDialog({ project, onClose }: { project: ProjectRecord; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [before] = useState(() => ({
    bytes: limitText(project.quota?.bytesLimit ?? -1),
    names: (project.quota?.namesLimit ?? -1) < 0 ? "" : String(project.quota?.namesLimit),
  }));
  const [bytes, setBytes] = useState(before.bytes);
  const [names, setNames] = useState(before.names);
  const [refused, setRefused] = useState<{ field?: "bytes" | "names"; words: string }>({ words: "" });
  const id = useId();
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const [bytesLimit, namesLimit] = [bytesOf(bytes), namesOf(names)];
    if (bytesLimit === undefined) return setRefused({ field: "bytes", words: `“${bytes}” is not a size. Enter one such as 500 GiB or 2 TB, or leave it empty for no limit.` });
    if (namesLimit === undefined) return setRefused({ field: "names", words: `“${names}” is not a number. Enter one such as 1000000, or leave it empty for no limit.` });
    setBusy(true);
    setRefused({ words: "" });
    try {
      // Only what was changed here is sent, since another superuser may have changed the other limit in the meantime.
      const body = { ...(bytes === before.bytes ? {} : { bytesLimit }), ...(names === before.names ? {} : { namesLimit }) };
      await ask(api.PATCH("/api/v1/projects/{project}", { params: { path: { project: project.name } }, body }));
      toast({ text: `Limits of ${project.name} changed.` });
      onClose();
      await Promise.all([projectsKey, ["project", project.name], ["quota"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
    } catch (failure) {
      setRefused({ words: wordsFor(failure) });
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Limits of ${project.name}`} onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <label>
          Storage, counting each replica
          <input data-first="" {...tiedTo(refused.field === "bytes" ? id : undefined)} placeholder="no limit" spellCheck={false} value={bytes} onChange={(e) => setBytes(e.target.value)} />
        </label>
        <label>
          Files and folders
          <input {...tiedTo(refused.field === "names" ? id : undefined)} inputMode="numeric" placeholder="no limit" value={names} onChange={(e) => setNames(e.target.value)} />
        </label>
        <p className="faint">If the project is already over a limit, its files stay, but nothing can be added until there is room.</p>
        <Ends onClose={onClose} label="Save" disabled={busy} fault={refused.words} faultId={id} />
      </form>
    </Dialog>
  );
}
