import type { Series } from "./series";

/** The quantity on the horizontal axis of charts. */
export type XAxis = "step" | "relative" | "wall";

/** A curve to draw, in which null is a gap. All lists have the same length. */
export interface Line {
  run: string;
  /** Steps, or seconds since the run began or since 1970. */
  x: number[];
  /** The values that were written. */
  written: readonly (number | null)[];
  /** Those of them that can be drawn, not smoothed: on a log axis only those above 0. */
  raw: (number | null)[];
  /** The smoothed values; the same as raw without smoothing. */
  smooth: (number | null)[];
  steps: readonly number[];
  /** Seconds since 1970. */
  walls: readonly number[];
  /** The values that are null because they are not finite (NaN, Infinity, -Infinity), by index. */
  odd: ReadonlyMap<number, string>;
  count: number;
  thinned: boolean;
}

/**
 * Smooths like TensorBoard: an exponential moving average with a weight from 0 to below 1, corrected for the missing values before the first one. Values
 * that are not finite and constant series are left as they are.
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  const first = values.find((v) => v !== null);
  if (weight <= 0 || values.every((v) => v === null || v === first)) return [...values];
  let last = 0;
  let share = 1; // the share of the missing values before the first one in the average
  return values.map((v) => {
    if (v === null) return null;
    last = last * weight + (1 - weight) * v;
    share *= weight;
    return last / (1 - share);
  });
}

/** Makes the line of a series. On a log axis only values above 0 can be drawn. */
export function lineOf(series: Series, axis: XAxis, smoothing: number, log: boolean): Line {
  const begin = series.wallTimes[0] ?? 0;
  const x = axis === "step" ? series.steps : axis === "wall" ? series.wallTimes : series.wallTimes.map((t) => t - begin);
  const drawable = (v: number | null) => (v === null || (log && v <= 0) ? null : v);
  const smooth = smoothed(series.values, smoothing);
  // Restarts and concurrent writers may go back in steps or time, but a line is drawn in the order of the axis.
  const order = x.every((at, i) => i === 0 || at >= (x[i - 1] ?? at)) ? undefined : x.map((_, i) => i).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  const inOrder = <T>(list: readonly T[]): T[] => (order === undefined ? [...list] : order.map((i) => list[i] as T));
  const odd = new Map((series.nonFinite ?? []).map((n) => [order === undefined ? n.index : order.indexOf(n.index), n.value]));
  return {
    run: series.run,
    x: inOrder(x),
    written: inOrder(series.values),
    raw: inOrder(series.values.map(drawable)),
    smooth: inOrder(smooth.map(drawable)),
    steps: inOrder(series.steps),
    walls: inOrder(series.wallTimes),
    odd,
    count: series.count,
    thinned: series.thinned,
  };
}

/** The index of the value nearest to at in an ascending list; -1 if it is empty. */
export function nearest(list: readonly number[], at: number): number {
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - (list[low - 1] ?? 0) <= (list[low] ?? 0) - at ? low - 1 : high;
}

/** The smallest and the largest value between two positions on the axis, of the original or the smoothed values; undefined if there are none. */
export function extent(lines: readonly Line[], from: number, to: number, of: "raw" | "smooth"): [low: number, high: number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const line of lines) {
    line[of].forEach((v, i) => {
      const at = line.x[i] ?? 0;
      if (v === null || at < from || at > to) return;
      if (v < low) low = v;
      if (v > high) high = v;
    });
  }
  return low <= high ? [low, high] : undefined;
}
