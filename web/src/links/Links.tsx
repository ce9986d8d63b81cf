import type { ReactElement } from "react";
import { Empty, Failure, Loading } from "../parts/states";
import { useClose, useLinked } from "../place";
import { EndLinkDialog } from "./EndLinkDialog";
import { LinkRow } from "./LinkRow";
import { useLinks } from "./useLinks";
import "../tokens/tokens.css";

/** The caller's download links. */
export function Links(): ReactElement {
  const links = useLinks();
  const [revoking, setRevoking] = useLinked("revoke");
  const close = useClose("revoke");
  const all = (links.data?.pages.flatMap((page) => page.items) ?? []).filter((link) => !link.revoked);
  const doomed = all.find((link) => link.id === revoking);
  return (
    <>
      <p className="faint">Anyone who has a download link can download one file, as long as you can read it yourself.</p>
      {links.isPending ? (
        <Loading label="Loading download links" />
      ) : links.data === undefined ? (
        <Failure error={links.error} retry={() => void links.refetch()} />
      ) : all.length === 0 && !links.hasNextPage ? (
        <Empty icon="share" title="You have no download links">
          <p>A download link hands a file to somebody without an account, for a week at most. To create one, choose Download link… from the menu of a file.</p>
        </Empty>
      ) : (
        <>
          <ul className="token-list">
            {all.map((link) => (
              <LinkRow key={link.id} link={link} onRevoke={() => setRevoking(link.id)} />
            ))}
          </ul>
          {links.hasNextPage && (
            <div className="row">
              <button type="button" disabled={links.isFetchingNextPage} onClick={() => void links.fetchNextPage()}>
                Show older
              </button>
            </div>
          )}
        </>
      )}
      {doomed !== undefined && <EndLinkDialog link={doomed} onClose={close} />}
    </>
  );
}
