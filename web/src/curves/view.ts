import { useMemo } from "react";
import { useLinked } from "../place";
import type { XAxis } from "./lines";

/** The part of the axis that is shown, in its units. */
export interface Zoom {
  from: number;
  to: number;
}

/** How charts are looked at, which is part of the address, with what changes it. */
export interface ChartView {
  axis: XAxis;
  setAxis: (axis: XAxis) => void;
  /** The weight of what was before, from 0 (none) to 0.999. */
  smoothing: number;
  setSmoothing: (weight: number) => void;
  log: boolean;
  setLog: (log: boolean) => void;
  zoom: Zoom | undefined;
  setZoom: (zoom: Zoom | undefined) => void;
  /** The tag whose chart is as wide as the page; "": none. */
  wide: string;
  setWide: (tag: string) => void;
}

const mostSmoothing = 0.999;

/** Reads a zoom as the address has it; undefined for what is none. */
function zoomOf(text: string): Zoom | undefined {
  const [from, to, ...rest] = text.split("..").map(Number);
  if (text === "" || from === undefined || to === undefined || rest.length > 0) return undefined;
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? { from, to } : undefined;
}

function smoothingOf(text: string): number {
  const weight = Number(text);
  return Number.isFinite(weight) ? Math.min(mostSmoothing, Math.max(0, weight)) : 0;
}

/** Rounds to what is worth to be in an address. */
function brief(n: number): string {
  return String(Number(n.toPrecision(12)));
}

/** How charts are looked at. Every chart of a page is looked at in the same way. */
export function useChartView(): ChartView {
  const [axis, setAxis] = useLinked("x");
  const [smooth, setSmooth] = useLinked("smooth");
  const [log, setLog] = useLinked("log");
  const [zoom, setZoom] = useLinked("zoom");
  const [wide, setWide] = useLinked("wide");
  return useMemo(
    () => ({
      axis: axis === "relative" || axis === "wall" ? axis : "step",
      setAxis: (next) => {
        setZoom("", true); // it was in other units
        setAxis(next === "step" ? "" : next, true);
      },
      smoothing: smoothingOf(smooth),
      setSmoothing: (weight) => setSmooth(weight === 0 ? "" : String(weight), true),
      log: log !== "",
      setLog: (on) => setLog(on ? "y" : "", true),
      zoom: zoomOf(zoom),
      setZoom: (next) => setZoom(next === undefined ? "" : `${brief(next.from)}..${brief(next.to)}`, true),
      wide,
      setWide: (tag) => setWide(tag, true),
    }),
    [axis, setAxis, smooth, setSmooth, log, setLog, zoom, setZoom, wide, setWide],
  );
}
