import { count } from "../format";

/**
 * How many entries of a directory are shown. Browsers cut off elements higher than about 33 million pixels (Chromium) or 17 million (Firefox), so the last
 * rows of a longer listing could not be seen, though keys would act on them. Tiles are at least two in a row.
 */
const mostRows = 400_000;
const mostTiles = 100_000;

/** The part of a listing that is shown. */
export interface Bounded<T> {
  shown: readonly T[];
  total: number;
  /** A text about the rest; "" if there is none. */
  rest: string;
}

/** The first entries, as many as a page can show. The total includes rows that are not loaded yet. */
export function bounded<T>(shown: readonly T[], total: number, tiles: boolean): Bounded<T> {
  const most = tiles ? mostTiles : mostRows;
  if (total <= most) return { shown, total, rest: "" };
  return { shown: shown.slice(0, most), total: most, rest: `Only the first ${count(most, "item")} can be shown. Use the filter to see others.` };
}
