import { useSyncExternalStore } from "react";

type Theme = "light" | "dark";

const kept = "granary-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function current(): Theme {
  const chosen = localStorage.getItem(kept);
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

function apply(): void {
  document.documentElement.dataset["theme"] = current();
  for (const tell of listeners) tell();
}

apply();
system.addEventListener("change", apply);
window.addEventListener("storage", apply); // it was chosen in another tab

/** The theme: the system's until the user chooses one, which this browser then remembers. */
export function useTheme(): [Theme, () => void] {
  const theme = useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, current);
  return [
    theme,
    () => {
      localStorage.setItem(kept, theme === "dark" ? "light" : "dark");
      apply();
    },
  ];
}
