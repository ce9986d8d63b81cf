import { useEffect, useRef, type KeyboardEvent, type ReactElement } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { drawLines, type Drawn } from "./draw";
import { extent, nearest } from "./lines";
import { digitAbove, digitBelow, labels, labelSpace, logMarks, markable, roomy, value } from "./numbers";
import type { ChartView, Zoom } from "./view";

/** The point of a line at the pointer. */
export interface Seen {
  drawn: Drawn;
  index: number;
  /** Where it is drawn, in pixels of the chart; NaN if it is not drawn. */
  x: number;
  y: number;
}

/** The points at the pointer. */
export interface Hover {
  /** The position of the pointer, in pixels of the chart. */
  left: number;
  top: number;
  at: number;
  seen: readonly Seen[];
}

interface PlotProps {
  drawn: readonly Drawn[];
  view: Pick<ChartView, "axis" | "log" | "smoothing" | "zoom" | "setZoom">;
  /** The theme, which defines the colours of the chart. */
  theme: string;
  height: number;
  /** A description of the chart. */
  label: string;
  onHover: (hover: Hover | undefined) => void;
}

const leastDrag = 6; // pixels
const apart = 30; // the least pixels between two marks of the vertical axis

/** The part of the horizontal axis that is shown: the zoom, or all of it. */
function across(drawn: readonly Drawn[], zoom: Zoom | undefined): [number, number] {
  if (zoom !== undefined) return roomy([zoom.from, zoom.to]);
  let [low, high] = [Infinity, -Infinity];
  for (const { line } of drawn) {
    low = Math.min(low, line.x[0] ?? low);
    high = Math.max(high, line.x.at(-1) ?? high);
  }
  if (low > high) return [0, 1];
  return roomy(low === high ? [low - 1, high + 1] : [low, high]);
}

/** The range of values that is shown, with a margin. With smoothing it is that of the smoothed lines, so outliers may lie outside. */
function upright(drawn: readonly Drawn[], [from, to]: [number, number], log: boolean): [number, number] {
  const found = extent(drawn.map((d) => d.line), from, to, "smooth");
  if (found === undefined) return log ? [0.1, 1] : [0, 1];
  const [low, high] = found;
  if (log) return [digitBelow(low), digitAbove(high)];
  const air = low === high ? Math.abs(low) * 0.1 || 0.5 : (high - low) * 0.06;
  return roomy([low - air, high + air]);
}

/** A chart. uPlot draws the axes and handles the pointer; we draw the lines, since each has its own positions on the axis. */
export function Plot(props: PlotProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const now = useRef(props);
  now.current = props;
  const { axis, log } = props.view;

  useEffect(() => {
    const box = host.current;
    if (box === null) return undefined;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink-soft").trim();
    const grid = { stroke: style.getPropertyValue("--line").trim(), width: 1 };
    const font = `11px ${style.getPropertyValue("--font").trim()}`;
    const seen = (): [number, number] => across(now.current.drawn, now.current.view.zoom);
    const u = new uPlot(
      {
        width: Math.max(120, box.clientWidth),
        height: now.current.height,
        padding: [8, 16, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: axis === "wall", range: seen },
          y: { distr: log ? 3 : 1, range: () => upright(now.current.drawn, seen(), log) },
        },
        series: [{}, { paths: () => null, points: { show: false } }],
        axes: [
          {
            stroke: ink, font, grid, ticks: { ...grid, size: 4 }, size: 28, gap: 3,
            space: (_, __, low, high) => (!markable(low, high, axis === "wall") ? Infinity : axis === "wall" ? 50 : labelSpace(low, high)),
            ...(axis === "wall" ? {} : { values: (_: uPlot, ticks: number[]) => labels(ticks, axis) }),
          },
          {
            stroke: ink, font, grid, ticks: { ...grid, size: 4 }, gap: 3, size: 52,
            ...(log
              ? {
                  space: apart,
                  incrs: (_, __, low, high, size, space) => [Math.max(5, (2 * space * (high - low)) / size)], // any that uPlot takes: it means nothing on this axis
                  splits: (u, _, low, high) => logMarks(low, high, u.over.clientHeight / apart),
                  filter: (_, marks) => marks,
                }
              : { space: (_, __, low, high) => (markable(low, high, false) ? apart : Infinity) }),
            values: (_: uPlot, ticks: (number | null)[]) => ticks.map((t) => (t === null ? "" : value(t))),
          },
        ],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: {
            dblclick: () => () => {
              now.current.view.setZoom(undefined);
              return null;
            },
          },
        },
        hooks: {
          draw: [(chart) => drawLines(chart, now.current.drawn, now.current.view.smoothing > 0)],
          setCursor: [(chart) => now.current.onHover(hoverOf(chart, now.current.drawn))],
          setSelect: [
            (chart) => {
              const { left, width } = chart.select;
              if (width < leastDrag) return;
              const zoom = { from: chart.posToVal(left, "x"), to: chart.posToVal(left + width, "x") };
              chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              now.current.view.setZoom(zoom);
            },
          ],
        },
      },
      [[0, 1], [null, null]],
      box,
    );
    plot.current = u;
    const resized = new ResizeObserver(() => u.setSize({ width: Math.max(120, box.clientWidth), height: now.current.height }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      u.destroy();
      plot.current = null;
      now.current.onHover(undefined);
    };
  }, [axis, log, props.theme]);

  const { drawn, view, height } = props;
  useEffect(() => {
    // These two points only make uPlot compute the ranges again.
    plot.current?.setData([across(drawn, view.zoom), [0, 1]]);
  }, [drawn, view.zoom, view.smoothing, axis, log, props.theme]);
  useEffect(() => {
    const box = host.current;
    if (box !== null) plot.current?.setSize({ width: Math.max(120, box.clientWidth), height });
  }, [height]);

  const onKeyDown = (e: KeyboardEvent) => {
    const u = plot.current;
    if (u === null || e.altKey || e.ctrlKey || e.metaKey) return; // Alt ← and Ctrl + are the browser's
    const moved = keyed(u, e.key, now.current.view);
    if (!moved) return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div
      ref={host}
      className="plot"
      tabIndex={0}
      role="img"
      aria-label={`${props.label}. Arrow keys: read values. Plus and minus: zoom in and out. Escape: reset zoom.`}
      onKeyDown={onKeyDown}
      onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
    />
  );
}

/** Handles a key: arrows move the cursor, plus and minus zoom around it, Escape resets the zoom. It returns whether the key has a meaning. */
function keyed(u: uPlot, key: string, view: PlotProps["view"]): boolean {
  const width = u.over.clientWidth;
  const left = (u.cursor.left ?? -1) < 0 ? width / 2 : (u.cursor.left ?? 0);
  const far = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[key];
  if (far !== undefined) {
    u.setCursor({ left: Math.min(width, Math.max(0, left + (far * width) / 100)), top: u.over.clientHeight / 2 });
    return true;
  }
  if (key === "Escape") {
    view.setZoom(undefined);
    return true;
  }
  const factor = { "+": 0.5, "=": 0.5, "-": 2 }[key];
  if (factor === undefined) return false;
  const [at, half] = [u.posToVal(left, "x"), ((u.posToVal(width, "x") - u.posToVal(0, "x")) * factor) / 2];
  view.setZoom({ from: at - half, to: at + half });
  return true;
}

function hoverOf(u: uPlot, drawn: readonly Drawn[]): Hover | undefined {
  const { left = -1, top = -1 } = u.cursor;
  if (left < 0) return undefined;
  const at = u.posToVal(left, "x");
  const [offsetX, offsetY] = [u.bbox.left / devicePixelRatio, u.bbox.top / devicePixelRatio];
  const seen = drawn.flatMap((d) => {
    const index = nearest(d.line.x, at);
    if (index < 0) return [];
    const v = d.line.smooth[index];
    return [{ drawn: d, index, x: offsetX + u.valToPos(d.line.x[index] ?? 0, "x"), y: v === null || v === undefined ? NaN : offsetY + u.valToPos(v, "y") }];
  });
  return { left: offsetX + left, top: offsetY + top, at, seen };
}
