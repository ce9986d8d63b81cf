import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor, type Share } from "../api/client";
import { toast } from "../parts/toasts";
import { EndField } from "./EndField";
import { dayOf, endOfDay, endsWords } from "./ends";
import { LevelField } from "./LevelField";
import { labelOf, recipientOf } from "./levels";

interface ChangeShareProps {
  share: Share;
  project: string;
  onDone: () => void;
}

/** Changes the level and the end of a share. A share that was accepted stays accepted. */
export function ChangeShare({ share, project, onDone }: ChangeShareProps): ReactElement {
  const queries = useQueryClient();
  const [before] = useState(() => ({ level: share.level, end: share.expires === undefined ? "" : dayOf(Date.parse(share.expires)) }));
  const [level, setLevel] = useState(before.level);
  const [end, setEnd] = useState(before.end);
  const change = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/v1/datasets/{id}/shares", {
          params: { path: { id: share.dataset } },
          body: {
            // What was not touched here keeps its present value, since others may have changed it since this was opened. An end keeps its exact time.
            level: level === before.level ? share.level : level,
            ...(share.toProject === undefined ? { user: share.toUser ?? "" } : { project: share.toProject }),
            ...(end === before.end ? (share.expires === undefined ? {} : { expires: share.expires }) : end === "" ? {} : { expires: new Date(endOfDay(end)).toISOString() }),
          },
        }),
      ),
    onSuccess: (now) => {
      toast({ text: `${recipientOf(now)}: ${labelOf(now.level).toLowerCase()}, ${now.expires === undefined ? "no end date" : endsWords(Date.parse(now.expires))}.` });
      onDone();
      return queries.invalidateQueries({ queryKey: ["given", project] });
    },
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    change.mutate();
  };
  return (
    <form className="form" aria-label={`Share with ${recipientOf(share)}`} onSubmit={submit}>
      <LevelField level={level} onChange={setLevel} person={share.toProject === undefined} />
      <EndField value={end} onChange={setEnd} />
      <p className="fault" role="alert">
        {change.error !== null && wordsFor(change.error)}
      </p>
      <div className="ends">
        <button type="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={change.isPending || (level === before.level && end === before.end)}>
          Save
        </button>
      </div>
    </form>
  );
}
