import { useState, type ReactElement } from "react";
import { tiedTo } from "../parts/tied";
import { dayIn, lives, untilEndOf } from "./life";

interface LifeFieldProps {
  value: number;
  onChange: (seconds: number) => void;
  /** The id of the element that says what is wrong with the date; undefined if nothing is. */
  faultId?: string | undefined;
}

/** Asks when a token expires: after a time, or at the end of a day. */
export function LifeField({ value, onChange, faultId }: LifeFieldProps): ReactElement {
  const [date, setDate] = useState<string>();
  return (
    <div className="row">
      <label>
        Expires
        <select
          value={date === undefined ? value : "day"}
          onChange={(e) => {
            if (e.target.value === "day") {
              const proposed = dayIn(value);
              setDate(proposed);
              onChange(untilEndOf(proposed));
              return;
            }
            setDate(undefined);
            onChange(Number(e.target.value));
          }}
        >
          {lives.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              after {label}
            </option>
          ))}
          <option value="day">on a date…</option>
        </select>
      </label>
      {date !== undefined && (
        <label>
          Last day
          <input
            type="date"
            required
            {...tiedTo(faultId)}
            min={dayIn(0)}
            max={dayIn(365 * 24 * 3600)}
            value={date}
            onChange={(e) => {
              setDate(e.target.value);
              onChange(untilEndOf(e.target.value));
            }}
          />
        </label>
      )}
    </div>
  );
}
