import type { Rows } from "./rows";

const narrowest = 48; // pixels
const widest = 1600;
const bold = 1.2; // the width of a letter in a column's name, relative to one in a cell
const usual = { least: 72, most: 340, letter: 7.6, sides: 26 } as const;

/** A width, limited to what is allowed. */
export function bounded(width: number): number {
  return Math.round(Math.min(widest, Math.max(narrowest, width)));
}

/** A width that fits the name, the type and the loaded cells of a column. */
export function fitting(rows: Rows, column: number, from: number, to: number, most: number = usual.most): number {
  const about = rows.columns[column];
  let letters = Math.max((about?.name.length ?? 0) * bold, (about?.type.length ?? 0) * 0.9);
  for (let i = from; i < to; i++) letters = Math.max(letters, Math.min(400, rows.row(i)?.[column]?.length ?? 0));
  return bounded(Math.min(most, Math.max(usual.least, letters * usual.letter + usual.sides)));
}

/** The left edges of columns, followed by the right edge of the last one. */
export function edgesOf(widths: readonly number[]): number[] {
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  return edges;
}

/** The first and the last column in view, from left over width pixels. */
export function inView(edges: readonly number[], left: number, width: number): [first: number, last: number] {
  const count = edges.length - 1;
  const at = (pixel: number) => {
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((edges[middle] ?? 0) <= pixel) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return [Math.max(0, at(left) - 1), Math.min(count - 1, at(left + width) + 1)];
}
