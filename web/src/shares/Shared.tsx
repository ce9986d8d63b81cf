import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask, wordsFor, type Share } from "../api/client";
import { exactMoment } from "../format";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Empty, Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { visible } from "../path";
import { useReceivedShares } from "../shell/places";
import { forgetDirectories } from "../tree/useDirectories";
import { labelOf } from "./levels";

/** Shares with the caller and with projects of which the caller is a data owner: pending offers, and accepted shares. */
export default function Shared(): ReactElement {
  const shares = useReceivedShares();
  if (shares.isPending) return <Loading label="Loading shares" />;
  if (shares.data === undefined) return <Failure error={shares.error} retry={() => void shares.refetch()} />;
  const offered = shares.data.filter((share) => share.state === "offered");
  const accepted = shares.data.filter((share) => share.state === "accepted");
  return (
    <div className="page">
      <h1>Shared with me</h1>
      {shares.data.length === 0 && (
        <Empty icon="share" title="Nothing is shared with you yet">
          <p>When someone offers to share a dataset with you or one of your projects, the offer appears here for you to accept or reject.</p>
        </Empty>
      )}
      {offered.length > 0 && (
        <section aria-label="Offers">
          <h2>Offers</h2>
          <ul className="cards">
            {offered.map((share) => (
              <OfferCard key={share.id} share={share} />
            ))}
          </ul>
        </section>
      )}
      {accepted.length > 0 && (
        <section aria-label="Accepted">
          <h2>Accepted</h2>
          <ul className="cards">
            {accepted.map((share) => (
              <li key={share.id} className="card">
                <Icon name="folder" />
                <div className="grow">
                  <h3>
                    {share.mount !== undefined || share.path !== undefined ? (
                      <Link to={{ at: "files", path: share.mount ?? share.path ?? "/" }}>{visible(share.name)}</Link>
                    ) : (
                      visible(share.name)
                    )}
                  </h3>
                  <About share={share} />
                </div>
                <EndButton share={share} label="Leave" said="You have left" />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function About({ share }: { share: Share }): ReactElement {
  return (
    <p className="faint">
      From <strong>{share.project}</strong>, offered by {share.offeredBy} to {share.toProject === undefined ? "you" : <strong>{share.toProject}</strong>}.{" "}
      {labelOf(share.level)}
      {share.expires !== undefined && ` until ${exactMoment(Date.parse(share.expires))}`}.
    </p>
  );
}

function OfferCard({ share }: { share: Share }): ReactElement {
  const queries = useQueryClient();
  const accept = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/shares/{id}/accept", { params: { path: { id: share.id } }, body: {} })),
    onSuccess: (accepted) => {
      toast({ text: `You can now use ${visible(accepted.name)}${accepted.mount === undefined ? "" : ` at ${visible(accepted.mount)}`}.` });
      if (accepted.mount !== undefined) forgetDirectories(queries, [accepted.mount]);
      return queries.invalidateQueries({ queryKey: ["received"] });
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
  });
  return (
    <li className="card offer">
      <Icon name="folder" />
      <div className="grow">
        <h3>{visible(share.name)}</h3>
        <About share={share} />
      </div>
      <EndButton share={share} label="Reject" said="You rejected" />
      <button type="button" className="primary" disabled={accept.isPending} onClick={() => accept.mutate()}>
        Accept
      </button>
    </li>
  );
}

function EndButton({ share, label, said }: { share: Share; label: string; said: string }): ReactElement {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/shares/{id}", { params: { path: { id: share.id } } })),
    onSuccess: () => {
      toast({ text: `${said} ${visible(share.name)}.` });
      if (share.mount !== undefined) forgetDirectories(queries, [share.mount]);
      return queries.invalidateQueries({ queryKey: ["received"] });
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
  });
  return (
    <button type="button" disabled={end.isPending} onClick={() => end.mutate()}>
      {label}
    </button>
  );
}
