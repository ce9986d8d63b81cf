import type { ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { exactMoment } from "../format";
import { CopyButton } from "../parts/Copyable";
import { Dialog } from "../parts/Dialog";
import Lines from "./Lines";
import { doesOf, usesOf } from "./verbs";

/** A token that was just made, which nobody is shown again, and the lines that use it. */
export function MadeToken({ made, onClose }: { made: components["schemas"]["MadeToken"]; onClose: () => void }): ReactElement {
  const { reads, writes } = usesOf(made.verbs);
  const path = made.path ?? (made.project === undefined ? "/Projects" : `/Projects/${made.project}`);
  return (
    <Dialog title="Your new token" onClose={onClose} closable={false} wide>
      <p className="notice">This is the only time that it is shown. Whoever has it can do with it what it may do, so keep it like a password.</p>
      <div className="lines-text">
        <pre className="secret" tabIndex={0} aria-label="Token">
          {made.token}
        </pre>
        <CopyButton text={made.token} label="Copy the token" primary first />
      </div>
      <p className="faint">
        It {made.verbs === undefined ? "may do everything that you may" : doesOf(made.verbs)} and expires on <time className="expiry">{exactMoment(Date.parse(made.expires))}</time>.
      </p>
      <Lines spot={{ path, directory: true }} reads={reads} writes={writes} />
      <div className="ends">
        <button type="button" onClick={onClose}>
          Done, I have kept it
        </button>
      </div>
    </Dialog>
  );
}
