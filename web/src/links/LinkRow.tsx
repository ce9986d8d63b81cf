import type { ReactElement } from "react";
import { count } from "../format";
import { inTrash } from "../listing/actions";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Moment } from "../parts/Moment";
import { nameOf, parentOf, visible, visibleName } from "../path";
import type { DownloadLink } from "./useLinks";

/** The name of a link's file, for use in sentences. */
export function fileOf({ path }: DownloadLink): string {
  return path === undefined ? "a file that was deleted or that you cannot see" : visibleName(nameOf(path));
}

/** A download link in the list: its file, and how often it was followed. */
export function LinkRow({ link, onRevoke }: { link: DownloadLink; onRevoke: () => void }): ReactElement {
  const { path } = link;
  return (
    <li className="token">
      <Icon name="share" />
      <div className="token-what">
        <h2>
          {path === undefined ? (
            <span className="faint">A file that was deleted or that you cannot see</span>
          ) : (
            <Link to={{ at: "files", path }}>
              <bdi>{visibleName(nameOf(path))}</bdi>
            </Link>
          )}
          {link.locked && <span className="tag">password</span>}
          {path !== undefined && inTrash(path) && <span className="tag">in the trash</span>}
        </h2>
        <p className="faint wrap">
          {path !== undefined && <bdi>in {visible(parentOf(path))}</bdi>}
          {path !== undefined && link.label !== "" && ": "}
          {link.label !== "" && <bdi>{visible(link.label)}</bdi>}
        </p>
      </div>
      <dl className="token-when">
        <div>
          <dt>Downloaded</dt>
          <dd>{link.used === undefined ? "never" : <Moment of={link.used} label={count(link.uses, "time")} />}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>
            <Moment of={link.created} />
          </dd>
        </div>
        <div>
          <dt>Expires</dt>
          <dd>
            <Moment of={link.expires} />
          </dd>
        </div>
      </dl>
      <button type="button" className="danger" aria-label={`Revoke the link to ${fileOf(link)}`} onClick={onRevoke}>
        Revoke
      </button>
    </li>
  );
}
