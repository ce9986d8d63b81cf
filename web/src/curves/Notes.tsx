import type { ReactElement } from "react";
import { count } from "../format";
import { visible } from "../path";
import type { RunList } from "./runs";

const told = 5; // runs whose faults are told

/** What cannot be shown of the runs, and why. */
export function Notes({ list }: { list: RunList }): ReactElement | null {
  const reading = list.runs.some((run) => run.partial);
  const broken = list.runs.filter((run) => (run.faults ?? []).length > 0);
  const cut = list.partial && !reading;
  if (!reading && !cut && broken.length === 0 && list.refused === 0) return null;
  return (
    <ul className="notes" aria-label="What is not shown">
      {reading && <li role="status">The server is reading what it has not seen before; the curves grow until it is done.</li>}
      {cut && <li>There is more here than is looked at: at most 1,000 runs are shown. Open a directory further down.</li>}
      {list.refused > 0 && <li>{count(list.refused, "directory", "directories")} may hold more runs, but you may not look into them.</li>}
      {broken.slice(0, told).map((run) => (
        <li key={run.run} className="fault">
          <bdi>{visible(run.run)}</bdi>: {(run.faults ?? []).map(visible).join(" ")}
        </li>
      ))}
      {broken.length > told && <li className="fault">And {count(broken.length - told, "other run")} with damaged files.</li>}
    </ul>
  );
}
