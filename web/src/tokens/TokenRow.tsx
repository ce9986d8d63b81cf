import type { ReactElement } from "react";
import { exactMoment, moment } from "../format";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { visible } from "../path";
import { doesOf, kinds, type Token } from "./verbs";

/** What a token is called, in a sentence. */
export function calledOf(token: Token): string {
  return token.label === "" ? "A token without a name" : visible(token.label);
}

/** A time as it is shown in a row, with the whole of it at the pointer. */
function At({ of }: { of: string }): ReactElement {
  const at = Date.parse(of);
  return (
    <time dateTime={of} title={exactMoment(at)}>
      {moment(at)}
    </time>
  );
}

/** A token: what it is good for, and since and until when. */
export function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }): ReactElement {
  return (
    <li className={token.revoked ? "token over" : "token"}>
      <Icon name="key" />
      <div className="token-what">
        <h2>
          <bdi>{calledOf(token)}</bdi>
          {kinds[token.kind] !== "" && <span className="tag">{kinds[token.kind]}</span>}
          {token.revoked && <span className="tag">revoked</span>}
        </h2>
        <p>
          <span className="token-does">{doesOf(token.verbs)}</span> <Where token={token} />
        </p>
      </div>
      <dl className="token-when">
        <div>
          <dt>Last used</dt>
          <dd>{token.used === undefined ? "never" : <At of={token.used} />}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd>
            <At of={token.created} />
          </dd>
        </div>
        <div>
          <dt>Expires</dt>
          <dd>
            <At of={token.expires} />
          </dd>
        </div>
      </dl>
      {!token.revoked && (
        <button type="button" className="danger" aria-label={`Revoke ${calledOf(token)}`} onClick={onRevoke}>
          Revoke
        </button>
      )}
    </li>
  );
}

function Where({ token }: { token: Token }): ReactElement {
  if (token.path !== undefined) {
    return (
      <>
        in{" "}
        <Link to={{ at: "files", path: token.path }} className="token-where wrap">
          <bdi>{visible(token.path)}</bdi>
        </Link>
      </>
    );
  }
  if (token.fileId !== undefined) return <span className="faint">in a folder that is gone, or closed to you</span>;
  if (token.project !== undefined) {
    return (
      <>
        in the project{" "}
        <Link to={{ at: "project", project: token.project }} className="token-where">
          {token.project}
        </Link>
      </>
    );
  }
  if (token.projectId !== undefined) return <span className="faint">in a project that is gone, or closed to you</span>;
  return <span className="faint">{token.verbs === undefined ? "" : "wherever you may"}</span>;
}
