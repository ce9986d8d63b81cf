import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask, wordsFor } from "../api/client";
import { allPages, following } from "../api/pages";
import { exactMoment, moment } from "../format";
import { Icon } from "../parts/Icon";
import { Failure, NotRefreshed } from "../parts/states";
import { toast } from "../parts/toasts";
import { nameOf, visible } from "../path";
import { useDatasets } from "../shell/places";
import { roles } from "./roles";

type Request = components["schemas"]["Request"];
type Answer = "scientist" | "observer" | "offer" | "deny";

/** The pending requests for access to a project or its datasets, for its data owners. Nothing is shown if there are none. */
export function Requests({ project }: { project: string }): ReactElement | null {
  const queries = useQueryClient();
  const datasets = useDatasets(project);
  const requests = useQuery({
    queryKey: ["requests", project],
    queryFn: () => allPages<Request>((after) => ask(api.GET("/api/v1/projects/{project}/requests", { params: { path: { project }, query: following(after) } }))),
    refetchInterval: 60_000,
  });
  const answer = useMutation({
    mutationFn: async ({ request, how }: { request: Request; how: Answer }) => {
      if (how === "deny") await ask(api.DELETE("/api/v1/requests/{id}", { params: { path: { id: request.id } } }));
      else if (how !== "offer") await ask(api.PUT("/api/v1/projects/{project}/members/{user}", { params: { path: { project, user: request.user } }, body: { role: how } }));
      else if (request.dataset !== undefined) {
        await ask(api.POST("/api/v1/datasets/{id}/shares", { params: { path: { id: request.dataset } }, body: { user: request.user, level: "read" } }));
      }
    },
    onSuccess: (_, { request, how }) => {
      const { user } = request;
      toast({ text: how === "deny" ? `Request of ${user} denied.` : how === "offer" ? `Share offered to ${user}, who can accept or reject it.` : `${user} is now a member.` });
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
    onSettled: () => Promise.all(["requests", "members", "datasets"].map((kind) => queries.invalidateQueries({ queryKey: [kind, project] }))),
  });
  if (requests.data === undefined) return requests.error === null ? null : <Failure error={requests.error} retry={() => void requests.refetch()} />;
  if (requests.data.length === 0) return null;
  return (
    <section aria-label="Access requests">
      <h2>Access requests</h2>
      <NotRefreshed of={requests} />
      <ul className="cards">
        {requests.data.map((request) => {
          const { dataset, user } = request;
          const path = datasets.data?.find((d) => d.id === dataset)?.path;
          const give = (how: Answer, label: string, primary = false) => (
            <button type="button" className={primary ? "primary" : ""} disabled={answer.isPending} onClick={() => answer.mutate({ request, how })}>
              {label}
            </button>
          );
          return (
            <li key={request.id} className="card offer" aria-label={`Request of ${user}`}>
              <Icon name="people" />
              <div className="grow">
                <h3>{user}</h3>
                <p>
                  {dataset === undefined ? "Requests to join" : `Requests to read ${path === undefined ? "a dataset" : visible(nameOf(path))}`}
                  {request.message !== "" && <>: “{visible(request.message)}”</>}
                </p>
                <p className="faint" title={exactMoment(Date.parse(request.created))}>
                  {moment(Date.parse(request.created))}
                </p>
              </div>
              {give("deny", "Deny")}
              {dataset === undefined ? (
                <>
                  {give("observer", `Add as ${roles.observer.label.toLowerCase()}`)}
                  {give("scientist", `Add as ${roles.scientist.label.toLowerCase()}`, true)}
                </>
              ) : (
                give("offer", "Offer read access", true)
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
