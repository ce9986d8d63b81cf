import { makeDirectory } from "../listing/actions";
import { wordsFor } from "../api/client";
import { toast } from "../parts/toasts";
import { join, visible, type Path } from "../path";
import type { Found } from "./pick";
import { uploads } from "./queue";

/** Files that the user has chosen, which are confirmed before they are sent. */
export interface Offer {
  id: number;
  dir: Path;
  found: readonly Found[];
  /** Empty folders, by their paths below dir. */
  bare: readonly string[];
}

const kept = "granary-uploads-unasked";
const most = 100; // directories that are remembered; the oldest is dropped first

let pending: readonly Offer[] = []; // confirmed one after the other: while a large folder is being read, the user may drop another
let last = 0;
let apart: ReturnType<typeof setTimeout> | undefined; // runs from one confirmation to the next
const pause = 600; // milliseconds; the second click of a double click comes within that time, and must not decide the next offer, which nobody has read
const listeners = new Set<() => void>();

function set(next: readonly Offer[]): void {
  pending = next;
  for (const tell of listeners) tell();
}

/** The directories to which uploads start without confirmation, which this browser remembers. */
function unasked(): Path[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(kept) ?? "[]");
    return Array.isArray(list) ? list.filter((dir) => typeof dir === "string") : [];
  } catch {
    return [];
  }
}

/** Makes uploads to dir start without confirmation from now on. */
export function askNoMore(dir: Path): void {
  try {
    localStorage.setItem(kept, JSON.stringify([...unasked().filter((d) => d !== dir), dir].slice(-most)));
  } catch {
    // It is asked again.
  }
}

/** Asks for confirmation of an upload, unless the user has already been told its destination. */
export function offer(dir: Path, found: readonly Found[], bare: readonly string[], told: boolean): void {
  if (found.length === 0 && bare.length === 0) return;
  const made = { id: ++last, dir, found, bare };
  if (told || unasked().includes(dir)) void upload(made);
  else set([...pending, made]);
}

/** Uploads the offer to dir, and moves on to the next offer. It does nothing if the offer has been accepted already, as with two clicks. */
export async function accept(offer: Offer, dir: Path): Promise<void> {
  if (!pending.includes(offer)) return;
  drop(offer);
  await upload({ ...offer, dir });
}

/** Takes an offer away. The next one is asked about after a pause. */
function drop(offer: Offer): void {
  const left = pending.filter((other) => other !== offer);
  if (offers.get() === offer && left.length > 0) {
    apart = setTimeout(() => {
      apart = undefined;
      set(pending);
    }, pause);
  }
  set(left);
}

async function upload({ dir, found, bare }: Offer): Promise<void> {
  uploads.add(dir, found);
  for (const below of bare) {
    try {
      await makeDirectory(join(dir, below));
      uploads.onReached(join(dir, below.split("/")[0] ?? ""));
    } catch (e) {
      toast({ text: `The folder ${visible(below)} could not be created. ${wordsFor(e)}`, tone: "bad" });
    }
  }
}

/** The offer to be confirmed now. */
export const offers = {
  get: (): Offer | undefined => (apart === undefined ? pending[0] : undefined),
  subscribe: (tell: () => void): (() => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  drop,
};
