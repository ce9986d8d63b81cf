import { count } from "../format";

/**
 * How many entries of a directory are shown. Browsers cut what is higher than some 33 million pixels (Chromium) or 17 million (Firefox), so the last rows of a longer
 * listing could not be seen, though keys would act on them. Of tiles there are two in a row, at worst.
 */
const mostRows = 400_000;
const mostTiles = 100_000;

/** What of a listing is shown. */
export interface Bounded<T> {
  shown: readonly T[];
  total: number;
  /** What is said of the rest; "" where there is none. */
  rest: string;
}

/** The first of some entries, as many as a page can show. total: how many rows there are, those included that have not come. */
export function bounded<T>(shown: readonly T[], total: number, tiles: boolean): Bounded<T> {
  const most = tiles ? mostTiles : mostRows;
  if (total <= most) return { shown, total, rest: "" };
  return { shown: shown.slice(0, most), total: most, rest: `Only the first ${count(most, "entry", "entries")} can be shown. Filter to see others.` };
}
