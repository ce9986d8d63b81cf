import type { ReactElement } from "react";
import { count } from "../format";
import { visible } from "../path";
import type { Failed, Progress } from "./apply";

interface ApplyingProps {
  progress: Progress;
  onStop: () => void;
  onRetry: (failed: readonly Failed[]) => void;
  /** Goes back to what can be edited, with how it is now. */
  onBack: () => void;
  onClose: () => void;
}

const most = 200; // failures that are shown

/** How far a change is, and at the end what of it failed, and why. */
export function Applying({ progress, onStop, onRetry, onBack, onClose }: ApplyingProps): ReactElement {
  const { phase, found, done, changed, failed } = progress;
  const running = phase === "looking" || phase === "changing";
  return (
    <>
      <p role="status">
        {phase === "looking" && `Looking what is there: ${count(found, "entry", "entries")} so far.`}
        {phase === "changing" && `${done.toLocaleString("en")} of ${count(found, "entry", "entries")} are done.`}
        {phase === "stopped" && `Stopped: ${done.toLocaleString("en")} of ${count(found, "entry", "entries")} were done, and what was changed stays changed. `}
        {phase === "done" && failed.length > 0 && `${count(failed.length, "thing")} could not be done; ${count(changed, "entry was", "entries were")} changed.`}
      </p>
      {running && <progress aria-label="Changed so far" {...(phase === "looking" ? {} : { value: done, max: Math.max(found, 1) })} />}
      {running && <p className="faint">It goes on while this page is open.</p>}
      {failed.length > 0 && (
        <section aria-label="What could not be done">
          <ul className="access-failed" tabIndex={0} aria-label="What could not be done, and why">
            {failed.slice(0, most).map((f, i) => (
              <li key={i}>
                <code className="wrap">{visible(f.target.path)}</code>
                <span className="fault">{f.words}</span>
              </li>
            ))}
          </ul>
          {failed.length > most && <p className="faint">And {count(failed.length - most, "other")}.</p>}
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
              Back, with how it is now
            </button>
            {failed.some((f) => !f.conflict) && (
              <button type="button" onClick={() => onRetry(failed.filter((f) => !f.conflict))}>
                Try these again
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
