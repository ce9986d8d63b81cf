import type { Series } from "./series";

/** What the horizontal axis of charts counts. */
export type XAxis = "step" | "relative" | "wall";

/** A curve as it is drawn: null leaves a gap. Lengths of all lists are equal. */
export interface Line {
  run: string;
  /** Steps; or seconds, since the run began or since 1970. */
  x: number[];
  /** What was written. */
  raw: (number | null)[];
  /** The same, smoothed; raw itself without smoothing. */
  smooth: (number | null)[];
  steps: readonly number[];
  /** Seconds since 1970. */
  walls: readonly number[];
  /** What stands in the place of a null that is no gap: NaN, Infinity, -Infinity, by its index. */
  odd: ReadonlyMap<number, string>;
  count: number;
  thinned: boolean;
}

/**
 * Smooths as TensorBoard does: an exponential moving average with this weight, from 0 to below 1, of which the part that the missing past would
 * have is taken out. What is not finite is left as it is, and so is what is constant.
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  const first = values.find((v) => v !== null);
  if (weight <= 0 || values.every((v) => v === null || v === first)) return [...values];
  let last = 0;
  let share = 1; // the part of the average that stands for the past that is not there
  return values.map((v) => {
    if (v === null) return null;
    last = last * weight + (1 - weight) * v;
    share *= weight;
    return last / (1 - share);
  });
}

/** Makes the line of a series. log: only what is above 0 can be drawn. */
export function lineOf(series: Series, axis: XAxis, smoothing: number, log: boolean): Line {
  const begin = series.wallTimes[0] ?? 0;
  const x = axis === "step" ? series.steps : axis === "wall" ? series.wallTimes : series.wallTimes.map((t) => t - begin);
  const drawable = (v: number | null) => (v === null || (log && v <= 0) ? null : v);
  const smooth = smoothed(series.values, smoothing);
  // A restart, or several writers, may go back: a line is drawn in the order of the axis.
  const order = x.every((at, i) => i === 0 || at >= (x[i - 1] ?? at)) ? undefined : x.map((_, i) => i).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  const inOrder = <T>(list: readonly T[]): T[] => (order === undefined ? [...list] : order.map((i) => list[i] as T));
  const odd = new Map((series.nonFinite ?? []).map((n) => [order === undefined ? n.index : order.indexOf(n.index), n.value]));
  return {
    run: series.run,
    x: inOrder(x),
    raw: inOrder(series.values.map(drawable)),
    smooth: inOrder(smooth.map(drawable)),
    steps: inOrder(series.steps),
    walls: inOrder(series.wallTimes),
    odd,
    count: series.count,
    thinned: series.thinned,
  };
}

/** The index of what lies nearest to at in a list that ascends; -1: it is empty. */
export function nearest(list: readonly number[], at: number): number {
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - (list[low - 1] ?? 0) <= (list[low] ?? 0) - at ? low - 1 : high;
}

/** The smallest and the largest of what is drawn between two places; undefined: nothing is. With outliers, all of it; without, of what was smoothed. */
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
