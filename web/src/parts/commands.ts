import { useEffect, useRef } from "react";
import type { IconName } from "./Icon";

/** Something that can be done on the page that is shown. */
export interface Command {
  label: string;
  icon?: IconName;
  /** The key that does the same. */
  keys?: string;
  disabled?: boolean;
  run: () => void;
}

const offers = new Set<{ current: readonly Command[] }>();

/** Offers commands in the palette for as long as the component is shown. They are those of its last drawing. */
export function useCommands(commands: readonly Command[]): void {
  const offer = useRef(commands);
  useEffect(() => {
    offer.current = commands;
  });
  useEffect(() => {
    offers.add(offer);
    return () => {
      offers.delete(offer);
    };
  }, []);
}

/** What can be done now, in the order in which it came to the page; of two of a name, the later one. */
export function commandsNow(): readonly Command[] {
  const named = new Map<string, Command>();
  for (const offer of offers) for (const command of offer.current) if (!command.disabled) named.set(command.label, command);
  return [...named.values()];
}
