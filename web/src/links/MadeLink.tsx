import type { ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { exactMoment } from "../format";
import { CopyButton } from "../parts/Copyable";
import { Dialog } from "../parts/Dialog";
import { nameOf, visibleName, type Path } from "../path";
import "../tokens/tokens.css";

interface MadeLinkProps {
  made: components["schemas"]["MadeLink"];
  path: Path;
  /** The password that the link asks for; "" for none. */
  password: string;
  onClose: () => void;
}

/** A link that was just created, which is shown only once. */
export function MadeLink({ made, path, password, onClose }: MadeLinkProps): ReactElement {
  return (
    <Dialog title={`Download link to ${visibleName(nameOf(path))}`} onClose={onClose} closable={false}>
      <p className="notice">Copy the link now: it will not be shown again.</p>
      <div className="lines-text">
        <pre className="secret" tabIndex={0} aria-label="Link">
          {made.url}
        </pre>
        <CopyButton text={made.url} label="Copy link" primary first />
      </div>
      {password !== "" && (
        <>
          <p>The link asks for this password. Send it by another way than the link.</p>
          <div className="lines-text">
            <pre className="secret" tabIndex={0} aria-label="Password">
              {password}
            </pre>
            <CopyButton text={password} label="Copy password" />
          </div>
        </>
      )}
      <p className="faint">
        It leads to the file, wherever that is moved except to the trash, and expires on <time className="expiry">{exactMoment(Date.parse(made.expires))}</time>.
      </p>
      <div className="ends">
        <button type="button" onClick={onClose}>
          Done, I have copied it
        </button>
      </div>
    </Dialog>
  );
}
