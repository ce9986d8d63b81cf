import { count, exactMoment } from "../format";

const [hour, day] = [3_600_000, 86_400_000];

/** When something ends, in words that are for people: how long that is from now. */
export function endsWords(end: number, now = Date.now()): string {
  const left = end - now;
  if (left <= 0) return "has ended";
  if (left < hour) return `ends in ${count(Math.max(1, Math.round(left / 60_000)), "minute")}`;
  if (left < 2 * day) return `ends in ${count(Math.round(left / hour), "hour")}`;
  if (left < 60 * day) return `ends in ${count(Math.round(left / day), "day")}`;
  return `ends on ${exactMoment(end).replace(/ at .*/, "")}`;
}

/** The last second of a day, given as 2026-01-31, where the browser is. */
export function endOfDay(text: string): number {
  return new Date(`${text}T23:59:59`).getTime();
}

/** A day where the browser is, as 2026-01-31. */
export function dayOf(moment: number): string {
  const d = new Date(moment);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
}

/** For how long a share can be offered at one click: from now on, to the end of the day. */
export const spans: readonly { label: string; days: number }[] = [
  { label: "a week", days: 7 },
  { label: "a month", days: 30 },
  { label: "three months", days: 91 },
  { label: "a year", days: 365 },
];

/** The day that is so many days from now. */
export function dayIn(days: number, now = Date.now()): string {
  return dayOf(now + days * day);
}
