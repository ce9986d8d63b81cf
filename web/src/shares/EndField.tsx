import type { ReactElement } from "react";
import { dayIn, dayOf, spans } from "./ends";

interface EndFieldProps {
  /** A day, such as 2026-01-31; "" for no end date. */
  value: string;
  onChange: (day: string) => void;
}

/** The last day of something that may end, with shortcuts for usual spans. */
export function EndField({ value, onChange }: EndFieldProps): ReactElement {
  return (
    <div className="end-field">
      <label>
        <span className="label">
          Last day <span className="faint">(optional)</span>
        </span>
        <input type="date" min={dayOf(Date.now())} max="9999-12-31" value={value} onChange={(e) => onChange(e.target.value)} />
      </label>
      <div className="row" role="group" aria-label="Duration">
        {spans.map(({ label, days }) => (
          <button key={label} type="button" className="chip" aria-pressed={value === dayIn(days)} onClick={() => onChange(dayIn(days))}>
            {label}
          </button>
        ))}
        <button type="button" className="chip" aria-pressed={value === ""} onClick={() => onChange("")}>
          no end date
        </button>
      </div>
    </div>
  );
}
