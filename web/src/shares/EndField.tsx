import type { ReactElement } from "react";
import { dayIn, dayOf, spans } from "./ends";

interface EndFieldProps {
  /** A day, as 2026-01-31; "": it does not end. */
  value: string;
  onChange: (day: string) => void;
}

/** The day on which something ends, if it does: typed, or for as long as people usually want. */
export function EndField({ value, onChange }: EndFieldProps): ReactElement {
  return (
    <div className="end-field">
      <label>
        <span className="label">
          Until the end of <span className="faint">(optional)</span>
        </span>
        <input type="date" min={dayOf(Date.now())} max="9999-12-31" value={value} onChange={(e) => onChange(e.target.value)} />
      </label>
      <div className="row" role="group" aria-label="For how long">
        {spans.map(({ label, days }) => (
          <button key={label} type="button" className="chip" aria-pressed={value === dayIn(days)} onClick={() => onChange(dayIn(days))}>
            {label}
          </button>
        ))}
        <button type="button" className="chip" aria-pressed={value === ""} onClick={() => onChange("")}>
          no end
        </button>
      </div>
    </div>
  );
}
