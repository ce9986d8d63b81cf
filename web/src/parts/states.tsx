import type { ReactElement, ReactNode } from "react";
import { ApiError, wordsFor } from "../api/client";
import { Icon, type IconName } from "./Icon";

/** An empty state: why there is nothing, and what to do about it. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children !== undefined && <div className="empty-text">{children}</div>}
    </div>
  );
}

/** Shown in place of something that could not be loaded. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }): ReactElement {
  const title =
    error instanceof ApiError && error.status === 404
      ? "Not found"
      : error instanceof ApiError && error.status === 403
        ? "Access denied"
        : "Something went wrong";
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
        {error instanceof ApiError && error.requestId !== "" && <p className="faint">Request ID for the administrator: {error.requestId}</p>}
      </div>
    </div>
  );
}

/** Shown beside data that could not be read again, which stays on the page and may be out of date; nothing otherwise. */
export function NotRefreshed({ of: { data, error, refetch } }: { of: { data: unknown; error: unknown; refetch: () => unknown } }): ReactElement | null {
  if (data === undefined || error === null) return null;
  return (
    <p className="fault not-refreshed" role="alert">
      This could not be refreshed. {wordsFor(error)}{" "}
      <button type="button" className="link" onClick={() => void refetch()}>
        Try again
      </button>
    </p>
  );
}

/** Grey lines while something is loading. */
export function Loading({ label }: { label: string }): ReactElement {
  return (
    <div className="loading" role="status" aria-label={label}>
      <i />
      <i />
      <i />
    </div>
  );
}
