import type { ReactElement } from "react";
import "./storage.css";

const nearly = 0.9; // share of a limit from which the bar warns

/** A bar that shows how much of a limit is used; both are in the same unit. */
export function Meter({ used, limit, label }: { used: number; limit: number; label: string }): ReactElement {
  const part = limit === 0 ? 1 : Math.min(1, used / limit);
  return (
    <span className={part >= nearly ? "use-bar full" : "use-bar"} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={Math.min(used, limit)}>
      <i style={{ width: `${100 * part}%` }} />
    </span>
  );
}
