const colours = 8; // tokens.css has so many

/** How the line of a run is drawn. Beyond eight runs colours come again, with another stroke. */
export interface Stroke {
  /** A colour as CSS has it. */
  colour: string;
  /** Lengths of strokes and gaps in pixels; empty: a whole line. */
  dash: number[];
}

const dashes: readonly number[][] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** The name of the custom property that has the colour of the n-th run. */
function colourToken(n: number): string {
  return `--run-${(n % colours) + 1}`;
}

/** The stroke of the n-th of all runs, in the colours of the theme that is set. */
export function strokeOf(n: number): Stroke {
  const style = getComputedStyle(document.documentElement);
  return { colour: style.getPropertyValue(colourToken(n)).trim(), dash: dashes[Math.floor(n / colours) % dashes.length] ?? [] };
}
