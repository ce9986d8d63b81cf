const day = 24 * 3600; // seconds

/** The lifetimes that are offered for a new token, in seconds. The server accepts at most a year and a day. */
export const lives: readonly { seconds: number; label: string }[] = [
  { seconds: 3600 * 8, label: "8 hours" },
  { seconds: day, label: "1 day" },
  { seconds: 7 * day, label: "7 days" },
  { seconds: 30 * day, label: "30 days" },
  { seconds: 90 * day, label: "90 days" },
  { seconds: 365 * day, label: "1 year" },
];

/** The default lifetime. */
export const usualLife = 30 * day;

/** Seconds from now to the end of a day such as 2026-01-31, in the browser's time zone. */
export function untilEndOf(date: string, now = Date.now()): number {
  return Math.floor((new Date(`${date}T23:59:59`).getTime() - now) / 1000);
}

/** The day that many seconds from now, in the browser's time zone, as date fields take it. */
export function dayIn(seconds: number, now = Date.now()): string {
  const at = new Date(now + 1000 * seconds);
  return [at.getFullYear(), `${at.getMonth() + 1}`.padStart(2, "0"), `${at.getDate()}`.padStart(2, "0")].join("-");
}
