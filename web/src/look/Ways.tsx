import type { ReactElement } from "react";
import { useLinked } from "../place";

/** Buttons for the views of a file: the value of each in the address, "" for the default, and its label. */
export function Ways({ ways }: { ways: readonly (readonly [as: string, label: string])[] }): ReactElement {
  const [as, setAs] = useLinked("as");
  return (
    <div className="ways" role="group" aria-label="View">
      {ways.map(([way, label]) => (
        <button key={way} type="button" aria-pressed={as === way} onClick={() => setAs(way, true)}>
          {label}
        </button>
      ))}
    </div>
  );
}
