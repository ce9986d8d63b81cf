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

/** A positive number with its single digit as a whole one, to the power of ten that it has. */
function withDigit(v: number, to: (n: number) => number): number {
  const [digits = "", power = ""] = v.toExponential().split("e");
  return Number(`${to(Number(digits))}e${power}`);
}

/** The next smaller number with a single non-zero digit, at which a logarithmic axis has a mark; a little less than v if it is one itself. */
export function digitBelow(v: number): number {
  const below = withDigit(v, Math.floor);
  return below === v ? v * 0.9 : below;
}

/** The next larger number with a single non-zero digit; a little more than v if it is one itself. */
export function digitAbove(v: number): number {
  const above = withDigit(v, Math.ceil);
  return Math.min(Number.MAX_VALUE, above === v ? v * 1.1 : above);
}

// Digits of marks, and the smallest ratio of two neighbours.
const digitSets: readonly [digits: readonly number[], ratio: number][] = [[[1, 2, 3, 4, 5, 6, 7, 8, 9], 10 / 9], [[1, 2, 3, 5, 7], 7 / 5], [[1, 2, 5], 2]];

/**
 * The marks of a logarithmic axis from low to high, where so many have room: numbers with a single non-zero digit, or only some powers of ten. uPlot's own
 * search for them has no end where values are below 1e-25, as those of gradients may be.
 */
export function logMarks(low: number, high: number, room: number): number[] {
  if (!(low > 0 && high >= low && high < Infinity)) return [];
  const gap = (Math.log10(high) - Math.log10(low)) / Math.max(1, room); // the least between two marks, in powers of ten
  const digits = digitSets.find(([, ratio]) => Math.log10(ratio) >= gap)?.[0] ?? [1];
  const every = digits.length > 1 ? 1 : Math.max(1, Math.ceil(gap)); // powers of ten
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(low) / every) * every; power <= Math.log10(high); power += every) {
    marks.push(...digits.map((digit) => Number(`${digit}e${power}`)).filter((mark) => mark >= low && mark <= high));
  }
  return marks;
}

/** A position on an axis in words. */
export function place(at: number, axis: XAxis): string {
  return axis === "step" ? `step ${step(at)}` : axis === "relative" ? span(at) : moment(at);
}
