import { useMemo, type ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { Empty } from "../parts/states";
import { visible, type Path } from "../path";
import { useLinked } from "../place";
import { ChartCard } from "./ChartCard";
import type { XAxis } from "./lines";
import { stretch } from "./numbers";
import type { Stroke } from "./palette";
import type { Run, RunTag } from "./runs";
import { TagFilter } from "./TagFilter";
import { grouped, useFiltered, type TagGroup } from "./tags";
import { useChartView, type ChartView } from "./view";

interface ScalarsProps {
  dir: Path;
  tags: readonly RunTag[];
  runs: readonly Run[];
  strokes: ReadonlyMap<string, Stroke>;
  theme: string;
  /** Shown between the tools and the charts. */
  notes: ReactElement;
}

const axes: readonly [XAxis, string][] = [["step", "Step"], ["relative", "Time"], ["wall", "Date"]];

/** A chart for each tag of the runs, grouped by the part before the first slash. */
export function Scalars({ dir, tags, runs, strokes, theme, notes }: ScalarsProps): ReactElement {
  const [filter, setFilter] = useLinked("tags");
  const view = useChartView();
  const filtered = useFiltered(tags, filter);
  const groups = useMemo(() => grouped(filtered.tags), [filtered.tags]);
  const [closedText, setClosed] = useLinked("closed");
  const closed = new Set(closedText === "" ? [] : closedText.split("//"));
  const toggle = (name: string) => {
    const next = new Set(closed);
    if (!next.delete(`${name}/`)) next.add(`${name}/`);
    setClosed([...next].join("//"), true);
  };
  return (
    <>
      <ChartTools view={view} filter={<TagFilter value={filter} onChange={(text) => setFilter(text, true)} fault={filtered.fault} />} />
      {notes}
      {tags.length === 0 ? (
        <Empty icon="chart" title="No scalars yet">
          <p>Curves appear here as soon as a run writes scalars.</p>
        </Empty>
      ) : groups.length === 0 ? (
        <Empty icon="search" title="No tags match">
          <p>None of the {tags.length.toLocaleString("en")} tags matches the filter.</p>
        </Empty>
      ) : (
        groups.map((group) => (
          <Group key={group.name} group={group} open={!closed.has(`${group.name}/`)} onToggle={() => toggle(group.name)}>
            {(tag) => <ChartOf key={tag.tag} dir={dir} tag={tag} runs={runs} strokes={strokes} view={view} theme={theme} />}
          </Group>
        ))
      )}
    </>
  );
}

function Group({ group, open, onToggle, children }: { group: TagGroup; open: boolean; onToggle: () => void; children: (tag: RunTag) => ReactElement }): ReactElement {
  return (
    <section className="group">
      <h2>
        <button type="button" className="quiet" aria-expanded={open} onClick={onToggle}>
          <Icon name={open ? "down" : "right"} />
          {group.name === "" ? "Ungrouped" : <bdi>{visible(group.name)}</bdi>} <span className="faint">{group.tags.length.toLocaleString("en")}</span>
        </button>
      </h2>
      {open && <div className="charts">{group.tags.map(children)}</div>}
    </section>
  );
}

function ChartOf({ tag, runs, ...rest }: { dir: Path; tag: RunTag; runs: readonly Run[]; strokes: ReadonlyMap<string, Stroke>; view: ChartView; theme: string }): ReactElement {
  const having = useMemo(() => {
    const has = new Set(tag.runs);
    return runs.filter((run) => has.has(run.run));
  }, [tag.runs, runs]);
  return <ChartCard tag={tag} runs={having} {...rest} />;
}

/** The controls for the display of all charts. */
function ChartTools({ view, filter }: { view: ChartView; filter: ReactElement }): ReactElement {
  return (
    <div className="chart-tools" role="group" aria-label="Chart options">
      {filter}
      <fieldset className="segmented">
        <legend className="unseen">Horizontal axis</legend>
        {axes.map(([axis, label]) => (
          <label key={axis}>
            <input type="radio" name="axis" checked={view.axis === axis} onChange={() => view.setAxis(axis)} />
            {label}
          </label>
        ))}
      </fieldset>
      <label className="check">
        <input type="checkbox" checked={view.log} onChange={(e) => view.setLog(e.target.checked)} /> Log scale
      </label>
      <label className="smoothing">
        Smoothing
        <input type="range" min={0} max={0.99} step={0.01} value={view.smoothing} onChange={(e) => view.setSmoothing(Number(e.target.value))} />
        <output>{view.smoothing.toFixed(2)}</output>
      </label>
      {view.zoom !== undefined && (
        <button type="button" onClick={() => view.setZoom(undefined)}>
          <Icon name="close" /> Zoom: {stretch(view.zoom.from, view.zoom.to, view.axis)}
        </button>
      )}
    </div>
  );
}
