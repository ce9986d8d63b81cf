const day = 24 * 3600; // seconds

/** How long a new token may live, in seconds; the server takes a year and a day at most. */
export const lives: readonly { seconds: number; label: string }[] = [
  { seconds: 3600 * 8, label: "8 hours" },
  { seconds: day, label: "a day" },
  { seconds: 7 * day, label: "a week" },
  { seconds: 30 * day, label: "30 days" },
  { seconds: 90 * day, label: "90 days" },
  { seconds: 365 * day, label: "a year" },
];

/** The life that is proposed. */
export const usualLife = 30 * day;

/** Seconds from now to the end of a day, given as 2026-01-31, where the browser is. */
export function untilEndOf(date: string, now = Date.now()): number {
  return Math.floor((new Date(`${date}T23:59:59`).getTime() - now) / 1000);
}

/** A day as date fields take it, so many seconds from now, where the browser is. */
export function dayIn(seconds: number, now = Date.now()): string {
  const at = new Date(now + 1000 * seconds);
  return [at.getFullYear(), `${at.getMonth() + 1}`.padStart(2, "0"), `${at.getDate()}`.padStart(2, "0")].join("-");
}
