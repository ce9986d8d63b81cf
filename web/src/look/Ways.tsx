import type { ReactElement } from "react";
import { useLinked } from "../place";

/** The ways in which a file can be looked at: what the address calls each, "" for the usual one, and how it is called. */
export function Ways({ ways }: { ways: readonly (readonly [as: string, label: string])[] }): ReactElement {
  const [as, setAs] = useLinked("as");
  return (
    <div className="ways" role="group" aria-label="How it is shown">
      {ways.map(([way, label]) => (
        <button key={way} type="button" aria-pressed={as === way} onClick={() => setAs(way, true)}>
          {label}
        </button>
      ))}
    </div>
  );
}
