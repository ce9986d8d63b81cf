import { useCallback, useMemo } from "react";
import { useLinked } from "../place";
import type { Run } from "./runs";

const shownAtFirst = 20; // runs that are shown by default

/**
 * The runs that are shown, from a text in the address: "" for the first 20, "+" and names for these runs, "-" and names for all others. Names are separated
 * by two slashes, which no path contains.
 */
export function chosen(runs: readonly Run[], text: string): ReadonlySet<string> {
  const names = runs.map((run) => run.run);
  if (text === "") return new Set(names.slice(0, shownAtFirst));
  const said = new Set(text.slice(1).split("//"));
  return new Set(names.filter((name) => said.has(name) === text.startsWith("+")));
}

/** The text in the address for a choice of runs, in the shorter form. */
export function choiceText(runs: readonly Run[], shown: ReadonlySet<string>): string {
  const names = runs.map((run) => run.run);
  const [on, off] = [names.filter((name) => shown.has(name)), names.filter((name) => !shown.has(name))];
  const text = off.length < on.length ? `-${off.join("//")}` : `+${on.join("//")}`;
  const first = names.slice(0, shownAtFirst);
  return on.length === first.length && first.every((name) => shown.has(name)) ? "" : text;
}

/** The runs that are shown, and a function that changes them. */
export function useChoice(runs: readonly Run[]): [shown: ReadonlySet<string>, show: (shown: ReadonlySet<string>) => void] {
  const [text, setText] = useLinked("runs");
  const shown = useMemo(() => chosen(runs, text), [runs, text]);
  const show = useCallback((next: ReadonlySet<string>) => setText(choiceText(runs, next), true), [runs, setText]);
  return [shown, show];
}
