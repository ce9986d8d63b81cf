import { useState, type ReactElement } from "react";
import { exactMoment, size } from "../format";
import { visible } from "../path";
import { step } from "./numbers";
import type { Stroke } from "./palette";
import type { Run } from "./runs";
import { Swatch } from "./Swatch";

interface RunListProps {
  runs: readonly Run[];
  shown: ReadonlySet<string>;
  onShow: (shown: ReadonlySet<string>) => void;
  strokes: ReadonlyMap<string, Stroke>;
}

const searchable = 8; // the number of runs from which there is a search field

/** The list of runs with their colours, which selects the ones that are shown. */
export function RunList({ runs, shown, onShow, strokes }: RunListProps): ReactElement {
  const [search, setSearch] = useState("");
  const [wide] = useState(() => !matchMedia("(max-width: 760px)").matches); // on narrow screens the list is closed at first
  const found = search === "" ? runs : runs.filter((run) => run.run.toLowerCase().includes(search.toLowerCase()));
  const all = found.every((run) => shown.has(run.run));
  const some = found.some((run) => shown.has(run.run));
  const toggle = (names: readonly string[], on: boolean) => {
    const next = new Set(shown);
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    onShow(next);
  };
  return (
    <details className="runs" open={wide}>
      <summary>Runs</summary>
      {runs.length >= searchable && (
        <input type="search" aria-label="Search runs" placeholder="Search" value={search} onChange={(e) => setSearch(e.target.value)} />
      )}
      <label className="run all">
        <input
          type="checkbox"
          checked={all}
          ref={(box) => {
            if (box !== null) box.indeterminate = some && !all;
          }}
          onChange={() => toggle(found.map((run) => run.run), !all)}
        />
        <span className="cut">{search === "" ? "All runs" : "All matching runs"}</span>
        <span className="faint">last step</span>
      </label>
      <ul>
        {found.map((run) => {
          const stroke = strokes.get(run.run);
          return (
            <li key={run.run} className="run">
              <label title={`${visible(run.run)}\n${size(run.length)}, last written ${exactMoment(run.modificationTime)}`}>
                <input type="checkbox" checked={shown.has(run.run)} onChange={(e) => toggle([run.run], e.target.checked)} />
                {stroke !== undefined && <Swatch stroke={stroke} />}
                <bdi className="cut">{visible(run.run)}</bdi>
                <span className="faint">{run.lastWallTime === 0 ? "" : step(run.lastStep)}</span>
              </label>
              <button type="button" className="link only" aria-label={`Show only ${visible(run.run)}`} onClick={() => onShow(new Set([run.run]))}>
                only
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
