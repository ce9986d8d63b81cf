import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { Empty, Failure, Loading } from "../parts/states";
import { useClose, useLinked } from "../place";
import NewToken from "./NewToken";
import { RevokeDialog } from "./RevokeDialog";
import { TokenRow } from "./TokenRow";
import { useTokens } from "./useTokens";

/** The caller's tokens. */
export function TokenList(): ReactElement {
  const tokens = useTokens();
  const [making, setMaking] = useLinked("new");
  const [revoking, setRevoking] = useLinked("revoke");
  const close = useClose("revoke");
  const [ended, setEnded] = useLinked("ended");
  const all = tokens.data?.pages.flatMap((page) => page.items) ?? [];
  const over = all.filter((t) => t.revoked);
  const shown = ended === "" ? all.filter((t) => !t.revoked) : all;
  const doomed = all.find((t) => t.id === revoking && !t.revoked);
  const make = (
    <button type="button" className="primary" onClick={() => setMaking("1")}>
      <Icon name="plus" /> New token
    </button>
  );
  return (
    <>
      <div className="row">
        <p className="faint">Programs sign in with tokens. A token can do what you can do, or less if you limit it.</p>
        <span className="gap" />
        {all.length > 0 && make}
      </div>
      {tokens.isPending ? (
        <Loading label="Loading tokens" />
      ) : tokens.data === undefined ? (
        <Failure error={tokens.error} retry={() => void tokens.refetch()} />
      ) : all.length === 0 ? (
        <Empty icon="key" title="You have no tokens">
          <p>A token lets a notebook, a training job or a script read and write files without your password. You choose the folder, the permissions and the expiry.</p>
          {make}
        </Empty>
      ) : (
        <>
          {shown.length === 0 && <p>You have no active tokens.</p>}
          <ul className="token-list">
            {shown.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token.id)} />
            ))}
          </ul>
          <div className="row">
            {tokens.hasNextPage && (
              <button type="button" disabled={tokens.isFetchingNextPage} onClick={() => void tokens.fetchNextPage()}>
                Show older
              </button>
            )}
            {over.length > 0 && (
              <button type="button" className="link" onClick={() => setEnded(ended === "" ? "1" : "", true)}>
                {ended === "" ? `Show ${over.length} revoked` : "Hide revoked"}
              </button>
            )}
          </div>
          <p className="faint">Tokens that are valid for an hour or less are not listed.</p>
        </>
      )}
      {making !== "" && <NewToken />}
      {doomed !== undefined && <RevokeDialog token={doomed} onClose={close} />}
    </>
  );
}
