const colours = 8; // the number of run colours in tokens.css

/** How the line of a run is drawn. After eight runs, colours repeat with other dashes. */
export interface Stroke {
  /** A CSS colour. */
  colour: string;
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  dash: number[];
}

const dashes: readonly number[][] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** The name of the custom property with the colour of the n-th run. */
function colourToken(n: number): string {
  return `--run-${(n % colours) + 1}`;
}

/** The stroke of the n-th run, in the colours of the current theme. */
export function strokeOf(n: number): Stroke {
  const style = getComputedStyle(document.documentElement);
  return { colour: style.getPropertyValue(colourToken(n)).trim(), dash: dashes[Math.floor(n / colours) % dashes.length] ?? [] };
}
