import { useEffect, useRef } from "react";
import { parentOf, type Path } from "../path";
import { go } from "../place";
import { isOn, letterOf, typing } from "../shell/keys";
import { filterId } from "./Filter";

/**
 * Handles keys anywhere on a directory's page: those of deeds, by key (such as "Ctrl x", which is also ⌘ x), and those that every directory's page has.
 */
export function useListingKeys(dir: Path, deeds: Readonly<Record<string, () => void>>): void {
  const now = useRef(deeds);
  useEffect(() => {
    now.current = deeds;
  });
  useEffect(() => {
    const always: Readonly<Record<string, () => void>> = {
      "/": () => document.getElementById(filterId)?.focus(),
      Backspace: () => {
        if (dir !== "/") go({ at: "files", path: parentOf(dir) });
      },
    };
    const onKey = (e: KeyboardEvent) => {
      if (typing(e) || e.altKey) return;
      const control = e.ctrlKey || e.metaKey;
      if (control && e.shiftKey) return; // the browser's own, such as Ctrl Shift C
      const key = control ? `Ctrl ${letterOf(e)}` : /^\p{Lu}$/u.test(e.key) ? letterOf(e).toUpperCase() : e.key;
      if (control && document.getSelection()?.isCollapsed === false) return; // text is selected: the browser cuts or copies that
      const deed = isOn(key) ? (now.current[key] ?? always[key]) : undefined;
      if (deed === undefined) return;
      e.preventDefault();
      deed();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [dir]);
}
