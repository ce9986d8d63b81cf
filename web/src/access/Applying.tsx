import type { ReactElement } from "react";
import { count } from "../format";
import { PathText } from "../parts/PathText";
import { percent, Spoken } from "../parts/Spoken";
import type { Failed, Progress } from "./apply";

interface ApplyingProps {
  progress: Progress;
  onStop: () => void;
  onRetry: (failed: readonly Failed[]) => void;
  /** Goes back to the editor, with the permissions read again. */
  onBack: () => void;
  onClose: () => void;
}

const most = 200; // failures that are shown

/** The progress of a change, and at the end what failed and why. */
export function Applying({ progress, onStop, onRetry, onBack, onClose }: ApplyingProps): ReactElement {
  const { phase, found, done, changed, failed } = progress;
  const running = phase === "looking" || phase === "changing";
  return (
    <>
      <p role="status" aria-live={running ? "off" : "polite"}>
        {phase === "looking" && `Looking for items: ${found.toLocaleString("en")} found so far.`}
        {phase === "changing" && `${done.toLocaleString("en")} of ${count(found, "item")} done.`}
        {phase === "stopped" && `Stopped after ${done.toLocaleString("en")} of ${count(found, "item")}. Changes already made are kept. `}
        {phase === "done" && failed.length > 0 && `${count(changed, "item")} changed; ${count(failed.length, "change")} failed.`}
      </p>
      {running && <Spoken text={phase === "looking" ? `Found ${count(found, "item")}` : `Changing, ${percent(done, found)}`} />}
      {running && <progress aria-label="Progress of the change" {...(phase === "looking" ? {} : { value: done, max: Math.max(found, 1) })} />}
      {running && <p className="faint">Keep this page open until it is finished.</p>}
      {failed.length > 0 && (
        <section aria-label="Failed changes">
          <ul className="access-failed" tabIndex={0} aria-label="Failed changes and their reasons">
            {failed.slice(0, most).map((f, i) => (
              <li key={i}>
                <PathText path={f.target.path} />
                <span className="fault">{f.words}</span>
              </li>
            ))}
          </ul>
          {failed.length > most && <p className="faint">And {(failed.length - most).toLocaleString("en")} more.</p>}
        </section>
      )}
      <div className="ends">
        {running ? (
          <button type="button" onClick={onStop} data-first="">
            Stop
          </button>
        ) : (
          <>
            <button type="button" onClick={onBack}>
              Back to current permissions
            </button>
            {failed.some((f) => !f.conflict) && (
              <button type="button" onClick={() => onRetry(failed.filter((f) => !f.conflict))}>
                Retry
              </button>
            )}
            <button type="button" className="primary" onClick={onClose}>
              Close
            </button>
          </>
        )}
      </div>
    </>
  );
}
