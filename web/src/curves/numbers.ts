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

const full = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

/** A step with all its digits, by which a checkpoint can be found. */
export function exactStep(n: number): string {
  return full.format(n);
}

const longestLabel = 13; // characters, as in 9,999,999,999

/**
 * The labels of marks on an axis of steps or of seconds: short, unless marks that differ would then look the same, as when a small part of a long training is
 * shown.
 */
export function labels(marks: readonly number[], axis: Exclude<XAxis, "wall">): string[] {
  const short = marks.map(axis === "step" ? step : span);
  if (new Set(short).size === new Set(marks).size) return short;
  const long = marks.map((mark) => (axis === "step" ? exactStep(mark) : `${full.format(mark)} s`));
  return long.some((label) => label.length > longestLabel) ? short : long;
}

/** The least pixels between two marks of such an axis, so that their labels do not overlap. */
export function labelSpace(low: number, high: number): number {
  const longest = Math.max(...[low, high].map((mark) => exactStep(Math.round(mark)).length)) + " s".length;
  return Math.max(50, 7 * Math.min(longest, longestLabel));
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

/** A part of an axis in words. */
export function stretch(from: number, to: number, axis: XAxis): string {
  if (axis === "wall") return `${moment(from)} to ${moment(to)}`;
  const [first = "", last = ""] = labels(to - from < 10 ? [from, to] : [Math.round(from), Math.round(to)], axis);
  return axis === "step" ? `step ${first} to step ${last}` : `${first} to ${last}`;
}
