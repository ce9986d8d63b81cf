import type { ReactElement } from "react";
import { count } from "../format";
import { visible } from "../path";
import type { RunList, RunTagList } from "./runs";

const told = 5; // runs whose errors are listed

/** Notes on what is missing from the runs, and why. tags are those of the runs, if they are known. */
export function Notes({ list, tags }: { list: RunList; tags?: RunTagList | undefined }): ReactElement | null {
  const reading = list.runs.some((run) => run.partial);
  const broken = list.runs.filter((run) => (run.faults ?? []).length > 0);
  const cut = list.partial && !reading;
  const fewer = !list.partial && tags?.partial === true;
  if (!reading && !cut && !fewer && broken.length === 0 && list.refused === 0) return null;
  return (
    <ul className="notes" aria-label="Notes on missing data">
      {reading && <li role="status">The server is still reading new data. The curves will grow until it is done.</li>}
      {cut && <li>There may be more runs: at most 1,000 runs, 20,000 files and folders and 16 levels of folders are looked at. Open a subfolder to see others.</li>}
      {fewer && <li>There are too many tags here; those of some runs are left out. Open a subfolder to see them.</li>}
      {list.refused > 0 && <li>There may be more runs in {count(list.refused, "folder")} that you do not have access to.</li>}
      {broken.slice(0, told).map((run) => (
        <li key={run.run} className="fault">
          <bdi>{visible(run.run)}</bdi>: {(run.faults ?? []).map(visible).join(" ")}
        </li>
      ))}
      {broken.length > told && <li className="fault">{count(broken.length - told, "other run has", "other runs have")} data that cannot be shown, too.</li>}
    </ul>
  );
}
