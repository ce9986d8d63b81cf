import { isDate } from "../format";
import type { XAxis } from "./lines";

/** A value of a curve, rounded to a readable number of digits. */
export function value(v: number): string {
  if (v === 0) return "0";
  const size = Math.abs(v);
  if (size >= 1e6 || size < 1e-4) return v.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(v.toPrecision(5)));
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/** A step in a form short enough for an axis. */
export function step(n: number): string {
  return Math.abs(n) < 10_000 ? String(Number(n.toPrecision(6))) : compact.format(n);
}

/** A span of time in seconds, as in "90 s", "12 min" and "3.5 h". */
export function span(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (size < 7200) return `${Number((seconds / 60).toPrecision(3))} min`;
  return `${Number((seconds / 3600).toPrecision(4))} h`;
}

const clock = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** A time in seconds since 1970; "" for 0, which stands for none. */
export function moment(seconds: number): string {
  if (seconds === 0) return "";
  return isDate(seconds * 1000) ? clock.format(new Date(seconds * 1000)) : "invalid date";
}

const finest = 1e-12; // the share of a number that an axis tells apart; a double has three more digits

/** A range, widened if its ends are so close that nothing between them could be told apart, such as large steps. */
export function roomy([low, high]: [number, number]): [number, number] {
  const least = Math.max(Math.abs(low), Math.abs(high)) * finest;
  return high - low >= least ? [low, high] : [low - least / 2, high + least / 2];
}

/**
 * Whether an axis can have marks from low to high. uPlot would look for them forever between times that are no dates, and below infinity, to which a range
 * may be rounded. Event files may contain any numbers.
 */
export function markable(low: number, high: number, dates: boolean): boolean {
  return dates ? isDate(low * 1000) && isDate(high * 1000) : Number.isFinite(low) && Number.isFinite(high);
}

/** A position on an axis in words. */
export function place(at: number, axis: XAxis): string {
  return axis === "step" ? `step ${step(at)}` : axis === "relative" ? span(at) : moment(at);
}
