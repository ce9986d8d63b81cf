import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Moment } from "../parts/Moment";
import { visible } from "../path";
import { doesOf, kinds, type Token } from "./verbs";

/** The name of a token, for use in sentences. */
export function calledOf(token: Token): string {
  return token.label === "" ? "Unnamed token" : visible(token.label);
}

/** A token in the list: what it can be used for, and when it was created, used and expires. */
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
          <span className="token-does">Can {doesOf(token.verbs)}</span> <Where token={token} />
        </p>
      </div>
      <dl className="token-when">
        <div>
          <dt>Last used</dt>
          <dd>{token.used === undefined ? "never" : <Moment of={token.used} />}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>
            <Moment of={token.created} />
          </dd>
        </div>
        <div>
          <dt>Expires</dt>
          <dd>
            <Moment of={token.expires} />
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
  if (token.fileId !== undefined) return <span className="faint">in a folder that was deleted or that you cannot see</span>;
  if (token.project !== undefined) {
    return (
      <>
        in project{" "}
        <Link to={{ at: "project", project: token.project }} className="token-where">
          {token.project}
        </Link>
      </>
    );
  }
  if (token.projectId !== undefined) return <span className="faint">in a project that was deleted or that you cannot see</span>;
  return <span className="faint">{token.verbs === undefined ? "" : "everywhere you have access"}</span>;
}
