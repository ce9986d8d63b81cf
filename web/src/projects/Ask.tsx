import { useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask, wordsFor } from "../api/client";
import { allPages, following } from "../api/pages";
import { exactMoment } from "../format";

/** The caller's pending requests for access. */
function useMyRequests(): UseQueryResult<components["schemas"]["Request"][]> {
  return useQuery({
    queryKey: ["my-requests"],
    queryFn: () => allPages<components["schemas"]["Request"]>((after) => ask(api.GET("/api/v1/requests", { params: { query: following(after) } }))),
  });
}

interface AskProps {
  project: string;
  /** The id of the requested dataset; undefined to request membership. */
  dataset?: number;
  /** The name of the project or dataset, for screen readers. */
  what: string;
}

/** Requests membership of a project or access to a dataset, or shows the pending request, which can be withdrawn. */
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
          <span className="faint">Access requested. A data owner has to approve it.</span>
          <button type="button" disabled={takeBack.isPending} onClick={() => takeBack.mutate(pending.id)}>
            Withdraw request
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
          <input aria-label="Reason for the request" placeholder="Why do you need access? (optional)" maxLength={1024} autoFocus value={message} onChange={(e) => setMessage(e.target.value)} />
          <button type="submit" className="primary" disabled={send.isPending}>
            Send request
          </button>
          <button type="button" onClick={() => setWriting(false)}>
            Cancel
          </button>
        </form>
      ) : (
        <button type="button" aria-label={dataset === undefined ? `Request to join ${what}` : `Request access to ${what}`} onClick={() => setWriting(true)}>
          {dataset === undefined ? "Request to join" : "Request access"}
        </button>
      )}
      <p className="fault" role="alert">
        {error !== null && wordsFor(error)}
      </p>
    </div>
  );
}
