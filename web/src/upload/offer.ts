import { makeDirectory } from "../listing/actions";
import { wordsFor } from "../api/client";
import { toast } from "../parts/toasts";
import { join, visible, type Path } from "../path";
import type { Found } from "./pick";
import { uploads } from "./queue";

/** Files that somebody chose, and is asked about before they are sent. */
export interface Offer {
  id: number;
  dir: Path;
  found: readonly Found[];
  /** Folders without anything in them, by their paths below dir. */
  bare: readonly string[];
}

const kept = "granary-uploads-unasked";
const most = 100; // directories that are remembered; the one that was added first is forgotten first

let pending: readonly Offer[] = []; // asked about one after the other: reading a large folder takes so long that somebody may drop another meanwhile
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Offer[]): void {
  pending = next;
  for (const tell of listeners) tell();
}

/** Directories to which uploads start without a question, as this browser remembers. */
function unasked(): Path[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(kept) ?? "[]");
    return Array.isArray(list) ? list.filter((dir) => typeof dir === "string") : [];
  } catch {
    return [];
  }
}

/** Has uploads to dir start without a question from now on. */
export function askNoMore(dir: Path): void {
  localStorage.setItem(kept, JSON.stringify([...unasked().filter((d) => d !== dir), dir].slice(-most)));
}

/** Says where files would go and asks whether they shall; told: somebody knows already. */
export function offer(dir: Path, found: readonly Found[], bare: readonly string[], told: boolean): void {
  if (found.length === 0 && bare.length === 0) return;
  const made = { id: ++last, dir, found, bare };
  if (told || unasked().includes(dir)) void upload(made);
  else set([...pending, made]);
}

/** Uploads what was asked about, to dir, and asks about what was offered next. */
export async function accept(offer: Offer, dir: Path): Promise<void> {
  set(pending.slice(1));
  await upload({ ...offer, dir });
}

async function upload({ dir, found, bare }: Offer): Promise<void> {
  uploads.add(dir, found);
  for (const below of bare) {
    try {
      await makeDirectory(join(dir, below));
      uploads.onReached(join(dir, below.split("/")[0] ?? ""));
    } catch (e) {
      toast({ text: `The folder ${visible(below)} could not be made. ${wordsFor(e)}`, tone: "bad" });
    }
  }
}

/** What is asked about now. */
export const offers = {
  get: (): Offer | undefined => pending[0],
  subscribe: (tell: () => void): (() => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  drop: (): void => set(pending.slice(1)),
};
