import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import type { Path } from "../path";

/** A new name for an entry while it is being typed. It outlives its field, which is made anew whenever the entry comes into view, or moves among tiles. */
export interface Draft {
  readonly id: number;
  readonly dir: Path;
  /** The name so far. */
  readonly name: string;
  text: string;
  /** Where the selection in the text begins and ends. */
  selected: [number, number];
  /** Whether its field has had the focus. */
  begun: boolean;
  /** Whether the focus is elsewhere. */
  left: boolean;
  /** Whether the entry is being renamed. */
  busy: boolean;
  /** Whether it was renamed, or the user has given up. */
  over: boolean;
}

let last = 0;

/** A draft of another name, in which all but the ending is selected. */
export function draftOf(dir: Path, name: string): Draft {
  const end = name.lastIndexOf(".");
  return { id: ++last, dir, name, text: name, selected: [0, end > 0 ? end : name.length], begun: false, left: false, busy: false, over: false };
}

/** Finds the rows to show: those in view, and the one in which something is being typed, which may be -1: it stays in the page, to receive what is typed. */
export function andTyped(typed: number): (range: Range) => number[] {
  if (typed < 0) return defaultRangeExtractor;
  return (range) => {
    const inView = defaultRangeExtractor(range);
    if (typed >= range.count || inView.includes(typed)) return inView;
    return [...inView, typed].sort((a, b) => a - b); // the elements of the rows must not change their order, by which the focus would be lost
  };
}
