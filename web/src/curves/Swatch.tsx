import type { ReactElement } from "react";
import type { Stroke } from "./palette";

/** A sample of a run's line in charts. */
export function Swatch({ stroke }: { stroke: Stroke }): ReactElement {
  return (
    <svg className="swatch" viewBox="0 0 22 8" aria-hidden="true" focusable="false">
      <line x1="1" y1="4" x2="21" y2="4" stroke={stroke.colour} strokeWidth="3" strokeDasharray={stroke.dash.join(" ")} />
    </svg>
  );
}
