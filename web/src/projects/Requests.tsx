import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask, wordsFor } from "../api/client";
import { afterId, allPages } from "../api/pages";
import { exactMoment, moment } from "../format";
import { Icon } from "../parts/Icon";
import { Failure } from "../parts/states";
import { toast } from "../parts/toasts";
import { nameOf, visible } from "../path";
import { useDatasets } from "../shell/places";
import { roles } from "./roles";

type Request = components["schemas"]["Request"];
type Answer = "scientist" | "observer" | "offer" | "deny";

/** Who asks the owners of a project to be let in, or for a dataset. Nothing is shown where nobody does. */
export function Requests({ project }: { project: string }): ReactElement | null {
  const queries = useQueryClient();
  const datasets = useDatasets(project);
  const requests = useQuery({
    queryKey: ["requests", project],
    queryFn: () => allPages<Request>((after) => ask(api.GET("/api/v1/projects/{project}/requests", { params: { path: { project }, query: afterId(after) } }))),
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
      toast({ text: how === "deny" ? `The request of ${user} is gone.` : how === "offer" ? `It is offered to ${user}, who accepts or rejects it.` : `${user} is a member now.` });
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
    onSettled: () => Promise.all(["requests", "members", "datasets"].map((kind) => queries.invalidateQueries({ queryKey: [kind, project] }))),
  });
  if (requests.error !== null) return <Failure error={requests.error} retry={() => void requests.refetch()} />;
  if (requests.data === undefined || requests.data.length === 0) return null;
  return (
    <section aria-label="Who asks to be let in">
      <h2>Who asks to be let in</h2>
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
                  {dataset === undefined ? "Asks to become a member" : `Asks to read ${path === undefined ? "a dataset" : visible(nameOf(path))}`}
                  {request.message !== "" && <>: “{visible(request.message)}”</>}
                </p>
                <p className="faint" title={exactMoment(Date.parse(request.created))}>
                  {moment(Date.parse(request.created))}
                </p>
              </div>
              {give("deny", "Deny")}
              {dataset === undefined ? (
                <>
                  {give("observer", `As ${roles.observer.label.toLowerCase()}`)}
                  {give("scientist", `As ${roles.scientist.label.toLowerCase()}`, true)}
                </>
              ) : (
                give("offer", "Offer it, to read", true)
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
