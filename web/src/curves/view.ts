import { useMemo } from "react";
import { useLinked } from "../place";
import type { XAxis } from "./lines";

/** The part of the horizontal axis that is shown, in its units. */
export interface Zoom {
  from: number;
  to: number;
}

/** The display options of charts, which are part of the address, with their setters. */
export interface ChartView {
  axis: XAxis;
  setAxis: (axis: XAxis) => void;
  /** The weight of earlier values, from 0 (no smoothing) to 0.999. */
  smoothing: number;
  setSmoothing: (weight: number) => void;
  log: boolean;
  setLog: (log: boolean) => void;
  zoom: Zoom | undefined;
  setZoom: (zoom: Zoom | undefined) => void;
  /** The tag whose chart is as wide as the page; "" for none. */
  wide: string;
  setWide: (tag: string) => void;
}

const mostSmoothing = 0.999;

/** Parses a zoom from the address; undefined if it is invalid. */
function zoomOf(text: string): Zoom | undefined {
  const [from, to, ...rest] = text.split("..").map(Number);
  if (text === "" || from === undefined || to === undefined || rest.length > 0) return undefined;
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? { from, to } : undefined;
}

function smoothingOf(text: string): number {
  const weight = Number(text);
  return Number.isFinite(weight) ? Math.min(mostSmoothing, Math.max(0, weight)) : 0;
}

/** A number, rounded to the digits that are worth keeping in an address. */
function brief(n: number): string {
  return String(Number(n.toPrecision(12)));
}

/** The display options, which are shared by all charts of a page. */
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
        setZoom("", true); // it is in the units of the old axis
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
