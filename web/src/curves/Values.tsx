import type { ReactElement } from "react";
import { visible } from "../path";
import type { Drawn } from "./draw";
import type { Line, XAxis } from "./lines";
import { exactStep, moment, span, value } from "./numbers";
import { Swatch } from "./Swatch";

/** The value at an index, as it was written. */
function written(line: Line, index: number): string {
  const v = line.written[index];
  return v === null || v === undefined ? (line.odd.get(index) ?? "–") : value(v);
}

/** A table of the last, smallest and largest value of each run. */
export function Values({ drawn, axis }: { drawn: readonly Drawn[]; axis: XAxis }): ReactElement {
  return (
    <div className="values" tabIndex={0} role="region" aria-label="Values">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Last</th>
            <th scope="col">Smallest</th>
            <th scope="col">Largest</th>
            <th scope="col">Step</th>
            <th scope="col">{axis === "relative" ? "Elapsed" : "Time"}</th>
            <th scope="col">Points</th>
          </tr>
        </thead>
        <tbody>
          {drawn.map(({ line, stroke }) => {
            const last = line.x.length - 1;
            const finite = line.written.filter((v) => v !== null);
            const bound = (of: (a: number, b: number) => number) => (finite.length === 0 ? "–" : value(finite.reduce((a, b) => of(a, b))));
            return (
              <tr key={line.run}>
                <th scope="row">
                  <Swatch stroke={stroke} /> <bdi>{visible(line.run)}</bdi>
                </th>
                <td>{written(line, last)}</td>
                <td>{bound(Math.min)}</td>
                <td>{bound(Math.max)}</td>
                <td>{exactStep(line.steps[last] ?? 0)}</td>
                <td>{axis === "relative" ? span(line.x[last] ?? 0) : moment(line.walls[last] ?? 0)}</td>
                <td>
                  {line.thinned ? "about " : ""}
                  {line.count.toLocaleString("en")}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
