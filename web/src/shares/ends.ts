import { count, exactMoment } from "../format";

const [hour, day] = [3_600_000, 86_400_000];

/** When something ends, relative to now, in words. */
export function endsWords(end: number, now = Date.now()): string {
  const left = end - now;
  if (left <= 0) return "has ended";
  if (left < hour) return `ends in ${count(Math.max(1, Math.round(left / 60_000)), "minute")}`;
  if (left < 2 * day) return `ends in ${count(Math.round(left / hour), "hour")}`;
  if (left < 60 * day) return `ends in ${count(Math.round(left / day), "day")}`;
  return `ends on ${exactMoment(end).replace(/ at .*/, "")}`;
}

/** The last second of a day such as 2026-01-31, in the browser's time zone. */
export function endOfDay(text: string): number {
  return new Date(`${text}T23:59:59`).getTime();
}

/** The day of a moment in the browser's time zone, such as 2026-01-31. */
export function dayOf(moment: number): string {
  const d = new Date(moment);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
}

/** The spans that are offered as shortcuts: from now to the end of a day. */
export const spans: readonly { label: string; days: number }[] = [
  { label: "1 week", days: 7 },
  { label: "1 month", days: 30 },
  { label: "3 months", days: 91 },
  { label: "1 year", days: 365 },
];

/** The day that many days from now. Days may have 23 or 25 hours, so hours are not counted. */
export function dayIn(days: number, now = Date.now()): string {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  return dayOf(at.getTime());
}
