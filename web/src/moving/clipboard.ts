import { useSyncExternalStore } from "react";
import { count } from "../format";
import { dialogView } from "../listing/useDialog";
import { whenLoaded } from "../parts/fault";
import { toast } from "../parts/toasts";
import { nameOf, parentOf, type Path } from "../path";
import { go } from "../place";
import { leavesProject, transferFault, type Deed } from "./fault";

/** Entries that were cut (deed "move") or copied, to be pasted. */
export interface Clip {
  deed: Deed;
  paths: readonly Path[];
}

let clip: Clip | undefined;
const listeners = new Set<() => void>();

function set(next: Clip | undefined): void {
  clip = next;
  for (const tell of listeners) tell();
}

/** Keeps entries to be pasted elsewhere. */
export function keep(deed: Deed, paths: readonly Path[]): void {
  if (paths.length === 0) return;
  set({ deed, paths });
  toast({ text: `${count(paths.length, "item")} ${deed === "move" ? "cut" : "copied"}. Press Ctrl V in another folder to paste.` });
}

/** The entries to be pasted, if any. */
export function useClip(): Clip | undefined {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => clip,
  );
}

/** Pastes into a directory. For a move from another project, the dialog to move opens in the entries' own directory. */
export function paste(into: Path): void {
  if (clip === undefined) return;
  const { deed, paths } = clip;
  const fault = transferFault(deed, paths, into);
  if (fault !== undefined) {
    toast({ text: fault, tone: "bad" });
    return;
  }
  if (deed === "move") set(undefined);
  if (deed === "move" && leavesProject(paths, into)) {
    go({ at: "files", path: parentOf(paths[0] ?? into) }, dialogView("move", paths.map(nameOf), into));
  } else {
    whenLoaded(import("./transfers"), ({ transfers }) => transfers.add(deed, paths, into));
  }
}
