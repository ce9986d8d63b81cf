import { useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask, wordsFor } from "../api/client";
import { afterId, allPages } from "../api/pages";
import { exactMoment } from "../format";

/** What the caller asks the owners of projects for. */
function useMyRequests(): UseQueryResult<components["schemas"]["Request"][]> {
  return useQuery({
    queryKey: ["my-requests"],
    queryFn: () => allPages<components["schemas"]["Request"]>((after) => ask(api.GET("/api/v1/requests", { params: { query: afterId(after) } }))),
  });
}

interface AskProps {
  project: string;
  /** The id of what is asked for; undefined: to become a member. */
  dataset?: number;
  /** Its name, for who cannot see what stands beside the button. */
  what: string;
}

/** Asks the owners of a project to be let in, or for a dataset; shows what was asked before, which can be taken back. */
export function Ask({ project, dataset, what }: AskProps): ReactElement {
  const queries = useQueryClient();
  const mine = useMyRequests();
  const [message, setMessage] = useState("");
  const [writing, setWriting] = useState(false);
  const pending = mine.data?.find((r) => r.project === project && r.dataset === dataset);
  const settled = () => queries.invalidateQueries({ queryKey: ["my-requests"] });
  const send = useMutation({
    mutationFn: () =>
      ask(api.POST("/api/v1/projects/{project}/requests", { params: { path: { project } }, body: { message: message.trim(), ...(dataset === undefined ? {} : { dataset }) } })),
    onSuccess: () => {
      setWriting(false);
      setMessage("");
    },
    onSettled: settled,
  });
  const takeBack = useMutation({
    mutationFn: (id: number) => ask(api.DELETE("/api/v1/requests/{id}", { params: { path: { id } } })),
    onSettled: settled,
  });
  const error = send.error ?? takeBack.error;
  return (
    <div className="ask">
      {pending !== undefined ? (
        <p className="asked" title={exactMoment(Date.parse(pending.created))}>
          <span className="faint">You have asked; its owners have to answer.</span>
          <button type="button" disabled={takeBack.isPending} onClick={() => takeBack.mutate(pending.id)}>
            Take it back
          </button>
        </p>
      ) : writing ? (
        <form
          className="row"
          onSubmit={(e: FormEvent) => {
            e.preventDefault();
            send.mutate();
          }}
        >
          <input aria-label="What you need it for" placeholder="What you need it for (optional)" maxLength={1024} autoFocus value={message} onChange={(e) => setMessage(e.target.value)} />
          <button type="submit" className="primary" disabled={send.isPending}>
            Ask
          </button>
          <button type="button" onClick={() => setWriting(false)}>
            Cancel
          </button>
        </form>
      ) : (
        <button type="button" aria-label={dataset === undefined ? `Ask to join ${what}` : `Ask for ${what}`} onClick={() => setWriting(true)}>
          {dataset === undefined ? "Ask to be let in" : "Ask for it"}
        </button>
      )}
      <p className="fault" role="alert">
        {error !== null && wordsFor(error)}
      </p>
    </div>
  );
}
