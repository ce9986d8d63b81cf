import type { ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { exactMoment } from "../format";
import { CopyButton } from "../parts/Copyable";
import { Dialog } from "../parts/Dialog";
import type { Path } from "../path";
import Lines from "./Lines";
import { doesOf, usesOf } from "./verbs";

interface MadeTokenProps {
  made: components["schemas"]["MadeToken"];
  /** The directory that it was requested for, if any. The answer names that by its own path, by which a token of the project that it is shared with cannot use it. */
  asked: Path | undefined;
  onClose: () => void;
}

/** A token that was just created, which is shown only once, with code that uses it. */
export function MadeToken({ made, asked, onClose }: MadeTokenProps): ReactElement {
  const { reads, writes } = usesOf(made.verbs);
  const path = asked ?? (made.project === undefined ? "/Projects" : `/Projects/${made.project}`);
  return (
    <Dialog title="Your new token" onClose={onClose} closable={false} wide>
      <p className="notice">Copy the token now: it will not be shown again. Anyone who has it can use it, so keep it secret like a password.</p>
      <div className="lines-text">
        <pre className="secret" tabIndex={0} aria-label="Token">
          {made.token}
        </pre>
        <CopyButton text={made.token} label="Copy token" primary first />
      </div>
      <p className="faint">
        It can {doesOf(made.verbs)}, and expires on <time className="expiry">{exactMoment(Date.parse(made.expires))}</time>.
      </p>
      <Lines spot={{ path, directory: true }} reads={reads} writes={writes} />
      <div className="ends">
        <button type="button" onClick={onClose}>
          Done, I have copied it
        </button>
      </div>
    </Dialog>
  );
}
