import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { api, ask, wordsFor, type Dataset, type Share } from "../api/client";
import { allPages, following } from "../api/pages";
import { exactMoment } from "../format";
import { Icon } from "../parts/Icon";
import { Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { visible } from "../path";
import { ChangeShare } from "./ChangeShare";
import { endsWords } from "./ends";
import { labelOf, recipientOf } from "./levels";

/** The shares of a dataset, which can be changed and ended here. */
export function Given({ dataset, project }: { dataset: Dataset; project: string }): ReactElement {
  const shares = useQuery({
    queryKey: ["given", project],
    staleTime: 0, // recipients may have accepted or rejected
    refetchInterval: 60_000, // shares expire
    queryFn: () =>
      allPages<Share>(async (after) => {
        const { given, next } = await ask(api.GET("/api/v1/projects/{project}/shares", { params: { path: { project }, query: following(after) } }));
        return { items: given, next };
      }),
  });
  if (shares.isPending) return <Loading label="Loading shares" />;
  if (shares.data === undefined) return <Failure error={shares.error} retry={() => void shares.refetch()} />;
  const all = shares.data.filter((share) => share.dataset === dataset.id);
  return (
    <section aria-label="Shared with">
      <h3>Shared with</h3>
      {all.length === 0 ? (
        <p className="faint">Not shared outside {project} yet.</p>
      ) : (
        <ul className="people">
          {all.map((share) => (
            <One key={share.id} share={share} project={project} />
          ))}
        </ul>
      )}
    </section>
  );
}

function One({ share, project }: { share: Share; project: string }): ReactElement {
  const queries = useQueryClient();
  const [changing, setChanging] = useState(false);
  const end = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/shares/{id}", { params: { path: { id: share.id } } })),
    onSuccess: () => {
      toast({ text: `${recipientOf(share)} can no longer use ${visible(share.name)}.` });
      return Promise.all([["given", project], ["datasets", project]].map((queryKey) => queries.invalidateQueries({ queryKey }))); // datasets tell how many shares they have
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
  });
  const ends = share.expires === undefined ? undefined : Date.parse(share.expires);
  return (
    <>
      <li>
        <Icon name={share.toProject === undefined ? "person" : "project"} />
        <span className="grow">
          <strong>
            <bdi>{visible(recipientOf(share))}</bdi>
          </strong>
          <span className="faint" title={ends === undefined ? undefined : exactMoment(ends)}>
            {labelOf(share.level)}
            {share.state === "offered" && ", not accepted yet"}
            {ends === undefined ? ", no end date" : `, ${endsWords(ends)}`}
          </span>
        </span>
        <button type="button" className="quiet" aria-expanded={changing} aria-label={`Change the share with ${recipientOf(share)}`} onClick={() => setChanging(!changing)}>
          Change
        </button>
        <button type="button" disabled={end.isPending} onClick={() => end.mutate()}>
          {share.state === "offered" ? "Cancel offer" : "Stop sharing"}
        </button>
      </li>
      {changing && (
        <li className="share-change">
          <ChangeShare share={share} project={project} onDone={() => setChanging(false)} />
        </li>
      )}
    </>
  );
}
