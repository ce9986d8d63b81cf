import { useEffect, useRef } from "react";
import type { IconName } from "./Icon";

/** An action that is available on the current page. */
export interface Command {
  label: string;
  icon?: IconName;
  /** The keyboard shortcut. */
  keys?: string;
  disabled?: boolean;
  run: () => void;
}

const offers = new Set<{ current: readonly Command[] }>();

/** Offers commands in the palette while the component is mounted: those of its latest rendering. */
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

/** The commands that are available now, in the order in which they were offered. Of two with the same label, the later one counts. */
export function commandsNow(): readonly Command[] {
  const named = new Map<string, Command>();
  for (const offer of offers) for (const command of offer.current) if (!command.disabled) named.set(command.label, command);
  return [...named.values()];
}
