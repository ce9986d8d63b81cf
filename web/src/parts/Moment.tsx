import type { ReactElement } from "react";
import { exactMoment, moment } from "../format";

/** A time, as the API gives it, in short form or as a label, with the exact time as a tooltip. */
export function Moment({ of, label }: { of: string; label?: string }): ReactElement {
  const at = Date.parse(of);
  return (
    <time dateTime={of} title={exactMoment(at)}>
      {label ?? moment(at)}
    </time>
  );
}
