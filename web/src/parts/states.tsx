import type { ReactElement, ReactNode } from "react";
import { ApiError, wordsFor } from "../api/client";
import { Icon, type IconName } from "./Icon";

/** What is shown where nothing is: why that is, and what one could do. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children !== undefined && <div className="empty-text">{children}</div>}
    </div>
  );
}

/** What is shown in the place of what could not be had. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }): ReactElement {
  const title =
    error instanceof ApiError && error.status === 404
      ? "There is nothing here"
      : error instanceof ApiError && error.status === 403
        ? "You may not see this"
        : "That did not work";
  return (
    <div className="empty" role="alert">
      <Icon name={error instanceof ApiError && error.status === 403 ? "lock" : "close"} />
      <h2>{title}</h2>
      <div className="empty-text">
        <p>{wordsFor(error)}</p>
        {retry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
        {error instanceof ApiError && error.requestId !== "" && <p className="faint">The server’s log names this {error.requestId}.</p>}
      </div>
    </div>
  );
}

/** Grey lines while something is on its way. */
export function Loading({ label }: { label: string }): ReactElement {
  return (
    <div className="loading" role="status" aria-label={label}>
      <i />
      <i />
      <i />
    </div>
  );
}
