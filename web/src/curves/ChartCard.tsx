import { lazy, memo, Suspense, useMemo, useRef, useState, type MouseEvent, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { saveMade } from "../api/save";
import { count } from "../format";
import { Icon } from "../parts/Icon";
import { toast } from "../parts/toasts";
import { visible, type Path } from "../path";
import { lineOf } from "./lines";
import type { Stroke } from "./palette";
import type { Hover } from "./Plot";
import { useTagsAgain, type Run, type RunTag } from "./runs";
import { csvAddress, mostExported, useSeries } from "./series";
import { Tooltip } from "./Tooltip";
import { useInView } from "./useInView";
import { Values } from "./Values";
import type { ChartView } from "./view";

const Plot = lazy(async () => ({ default: (await import("./Plot")).Plot }));

interface ChartCardProps {
  dir: Path;
  tag: RunTag;
  /** The shown runs that have the tag. */
  runs: readonly Run[];
  strokes: ReadonlyMap<string, Stroke>;
  view: ChartView;
  theme: string;
}

const [low, high] = [220, 420]; // the heights of a normal and a wide chart, in pixels

/** The chart of one tag, which is fetched and drawn only while it is in view. */
export const ChartCard = memo(function ChartCard({ dir, tag, runs, strokes, view, theme }: ChartCardProps): ReactElement {
  const card = useRef<HTMLElement>(null);
  const near = useInView(card);
  const series = useSeries(dir, tag.tag, runs, near && runs.length > 0);
  const [hover, setHover] = useState<Hover>();
  const [table, setTable] = useState(false);
  const wide = view.wide === tag.tag;
  const height = wide ? high : low;
  const { axis, smoothing, log } = view;
  const names = runs.map((run) => run.run).join("\0");
  const drawn = useMemo(() => {
    const shown = new Set(names.split("\0")); // the series may still be those of the runs that were shown before
    return (series.data?.series ?? []).flatMap((s) => {
      const stroke = strokes.get(s.run);
      return stroke === undefined || !shown.has(s.run) ? [] : [{ line: lineOf(s, axis, smoothing, log), stroke }];
    });
  }, [series.data, names, strokes, axis, smoothing, log]);
  const known = series.isPlaceholderData || series.data?.partial !== false ? undefined : series.data;
  useTagsAgain(dir, known !== undefined && known.series.length < runs.length, known);
  const points = drawn.reduce((n, d) => n + d.line.count, 0);
  const about = drawn.some((d) => d.line.thinned) ? "about " : "";
  const name = visible(tag.tag);
  const ofAll = runs.length > mostExported ? " of all runs" : "";
  const saveTable = (event: MouseEvent) => {
    event.preventDefault();
    saveMade(csvAddress(dir, tag.tag, runs), `${tag.tag.replaceAll(/[^\w.-]+/g, "_")}.csv`).catch((e: unknown) =>
      toast({ text: `${name} could not be downloaded. ${wordsFor(e)}`, tone: "bad" }),
    );
  };
  return (
    <article ref={card} className={wide ? "chart wide" : "chart"} aria-label={name} data-points={near ? points : undefined}>
      <header>
        <h3 title={name}>
          <bdi>{name}</bdi>
        </h3>
        <button type="button" className="quiet square" aria-label={wide ? `Shrink ${name}` : `Expand ${name} to the full width`} aria-pressed={wide} onClick={() => view.setWide(wide ? "" : tag.tag)}>
          <Icon name={wide ? "shrink" : "widen"} />
        </button>
        <button type="button" className="quiet square" aria-label={`Show values of ${name} as a table`} aria-pressed={table} onClick={() => setTable(!table)}>
          <Icon name="table" />
        </button>
        {runs.length > 0 && (
          <a
            className="button quiet square"
            aria-label={`Download ${name}${ofAll} as CSV`}
            title={`Download all points${ofAll} as CSV`}
            href={csvAddress(dir, tag.tag, runs)}
            onClick={saveTable}
          >
            <Icon name="download" />
          </a>
        )}
      </header>
      <div className="chart-body" style={{ height }} onMouseLeave={() => setHover(undefined)}>
        {near && drawn.length > 0 && (
          <Suspense>
            <Plot drawn={drawn} view={view} theme={theme} height={height} onHover={setHover} label={`${name}: ${count(drawn.length, "run")}, ${about}${count(points, "point")}`} />
            {hover !== undefined && hover.seen.length > 0 && <Tooltip hover={hover} smoothed={smoothing > 0} />}
          </Suspense>
        )}
        {runs.length === 0 && <p className="chart-note faint">None of the selected runs has this tag.</p>}
        {series.error !== null && (
          <p className="chart-note fault" role="alert">
            {wordsFor(series.error)}{" "}
            <button type="button" className="link" onClick={() => void series.refetch()}>
              Try again
            </button>
          </p>
        )}
      </div>
      {table && <Values drawn={drawn} axis={axis} />}
    </article>
  );
});
