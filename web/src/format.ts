const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** A number of bytes in three digits and a binary unit. */
export function size(bytes: number): string {
  let n = bytes;
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  const text = unit === 0 || n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2);
  return `${text} ${units[unit] ?? ""}`;
}

const counts = new Intl.NumberFormat("en");

/** A count with its noun, as in "1 file" and "1,200 files". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${counts.format(n)} ${n === 1 ? one : many}`;
}

const sameDay = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const sameYear = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const older = new Intl.DateTimeFormat("en", { year: "numeric", month: "short", day: "numeric" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "medium" });

const last = 8.64e15; // the most milliseconds from 1970 that a Date can hold; files may carry any number as a time

/** Whether a time, in milliseconds since 1970, can be shown as a date. */
export function isDate(at: number): boolean {
  return Math.abs(at) <= last; // false for NaN
}

/** A time, in milliseconds since 1970, in a short form; "" for 0, which stands for none. */
export function moment(at: number, now = Date.now()): string {
  if (at === 0) return "";
  if (!isDate(at)) return "invalid date";
  const [then, today] = [new Date(at), new Date(now)];
  if (then.toDateString() === today.toDateString()) return sameDay.format(then);
  return (then.getFullYear() === today.getFullYear() ? sameYear : older).format(then);
}

/** A time in full. */
export function exactMoment(at: number): string {
  if (at === 0) return "";
  return isDate(at) ? exact.format(new Date(at)) : `${counts.format(at)} milliseconds since 1970, which is not a valid date`;
}

/** A remaining time in seconds, as in "40 s" and "3 min". */
export function rest(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A mode as ls shows it; octal as the API gives it, without leading zeros. */
export function mode(octal: string, directory: boolean): string {
  const bits = Number.parseInt(octal, 8);
  const signs = "rwxrwxrwx".split("").map((sign, i) => (bits & (0o400 >> i) ? sign : "-"));
  if (bits & 0o1000) signs[8] = signs[8] === "x" ? "t" : "T";
  return (directory ? "d" : "-") + signs.join("");
}
