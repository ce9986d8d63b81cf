import { api, ApiError, ask, retriable, wordsFor } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { identity as ofPage, type Identity } from "../identity";
import { erase, rename, replace } from "../listing/actions";
import { readStatus } from "../listing/status";
import type { Resolution } from "../parts/NameTaken";
import { join, nameOf, parentOf, type Path } from "../path";
import { discard } from "../trash/discard";
import { besides } from "../upload/besides";
import type { Deed } from "./fault";
import { forgetPlan, keepPlan, plans } from "./plans";

type Job = components["schemas"]["Job"];

/** The state of a transfer. In a conflict, the name is taken, and the user has to choose. */
export type TransferState = "waiting" | "working" | "conflict" | "done" | "failed" | "skipped" | "cancelled";

/** An entry that is moved or copied. A copy, and a move to another project, is a job of the server. */
export interface Transfer {
  readonly id: number;
  /** The same for all transfers that were requested together. */
  readonly group: number;
  readonly deed: Deed;
  readonly from: Path;
  readonly to: Path;
  readonly state: TransferState;
  /** The bytes of a job in total, and those that are copied; 0 until that is known. */
  readonly bytes: number;
  readonly bytesDone: number;
  /** Why it failed, in words; "" otherwise. */
  readonly fault: string;
  /** What keeps its job from going on for now, such as a block store that is away, in words; "" if nothing does. */
  readonly waits: string;
  /** Whether it is a move to another project: the original goes to the trash when the copy is complete. */
  readonly trashes: boolean;
  /** Whether an entry of the same name is replaced, and goes to the trash. */
  readonly replaces: boolean;
  /** The job on the server; "" for none. */
  readonly job: string;
}

/** The result of a group, once all its transfers have ended. */
export interface Outcome {
  deed: Deed;
  into: Path;
  /** The transfers that succeeded. */
  done: readonly Transfer[];
}

const atOnce = 3; // moves, and as many copies
const firstLook = 250; // milliseconds until a job's state is first read; each further wait is half as long again
const longestLook = 2_000;

const drawn = 60; // milliseconds between updates of the page

const active = new Set<TransferState>(["waiting", "working", "conflict"]);

/** What a transfer does: rename an entry, or have a job copy it. */
type Way = "rename" | "job";

function wayOf(t: Transfer): Way {
  return t.deed === "move" && !t.trashes ? "rename" : "job";
}

/** The queue of moves and copies. */
export class Transfers {
  // There may be a hundred thousand of them. What is asked of them for each that begins or ends must not take a look at all.
  #all = new Map<number, Transfer>(); // by id, in the order in which they were added
  #waiting: Record<Way, Set<number>> = { rename: new Set(), job: new Set() };
  #left = new Map<number, number>(); // how many have not ended, by group
  #snapshot: readonly Transfer[] | null = [];
  #telling: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();
  #last = 0;
  #working: Record<Way, number> = { rename: 0, job: 0 }; // counted apart: a rename need not wait for copies, which may take hours
  #forAll = new Map<number, Resolution>(); // by group
  #made = new Map<number, { job: string; path: Path }>(); // complete copies that still have to replace something, or whose originals have to go to the trash, by transfer
  #asked = new Map<number, { key: string; target: Path }>(); // jobs that may or may not have been begun, since the answer was lost, by transfer

  #identity: Identity;

  /** Nothing is begun or continued while the identity says that requests may be made as another user than the page shows. */
  constructor(identity: Identity = ofPage) {
    this.#identity = identity;
    identity.subscribe((standing) => standing === "same" && this.#work());
  }

  /** Called when entries were created or removed. */
  onChanged: (paths: readonly Path[]) => void = () => undefined;
  #onOver: ((outcome: Outcome) => void) | undefined;
  #untold: Outcome[] = []; // a transfer may end before the panel is loaded

  /** Called when a group has ended, and at once for groups that had ended before it was set. */
  set onOver(tell: (outcome: Outcome) => void) {
    this.#onOver = tell;
    for (const outcome of this.#untold.splice(0)) tell(outcome);
  }

  subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  };

  /** All transfers that have not been cleared. It returns the same array until something changes. */
  get = (): readonly Transfer[] => (this.#snapshot ??= [...this.#all.values()]);

  /** Moves or copies entries into a directory. With trashes, it is a move from another project: the entries are copied and then go to the trash. */
  add(deed: Deed, paths: readonly Path[], into: Path, trashes = false): void {
    const group = ++this.#last;
    for (const from of paths) {
      const to = join(into, nameOf(from));
      // A copy in the same directory gets another name from the start.
      this.#put(this.#new({ group, deed, from, to: deed === "copy" && to === from ? besides(to, () => false) : to, trashes }));
    }
    this.#work();
  }

  /** Continues with jobs that were begun before the page was loaded. */
  async adopt(): Promise<void> {
    const { items } = await ask(api.GET("/api/v1/jobs", { params: { query: { limit: 50 } } }));
    const kept = plans();
    for (const job of items) {
      const [from] = job.sources;
      if (job.kind !== "copy" || from === undefined || this.get().some((t) => t.job === job.id)) continue;
      const plan = kept.get(job.id);
      const over = job.state !== "queued" && job.state !== "running";
      if (over && plan === undefined) continue;
      const { to, trashes } = plan ?? { to: job.target, trashes: false };
      const t = this.#new({ group: ++this.#last, deed: trashes ? "move" : "copy", from, to, trashes });
      this.#put({ ...t, state: "working", job: job.id, replaces: to !== job.target });
      this.#working.job++;
      void this.#end(t.id, "job", this.#follow(t.id, job.id, job.target));
    }
  }

  /** Resolves a conflict; with forAll, all conflicts of the group. */
  resolve(id: number, how: Resolution, forAll: boolean): void {
    const chosen = this.#all.get(id);
    if (chosen === undefined) return;
    if (forAll) this.#forAll.set(chosen.group, how);
    for (const t of this.get()) {
      if (t.state === "conflict" && (t.id === id || (forAll && t.group === chosen.group))) this.#settle(t, how);
    }
    this.#over(chosen.group);
    this.#work();
  }

  /** Cancels a transfer. Nothing is created or replaced. */
  async cancel(id: number): Promise<void> {
    const t = this.#all.get(id);
    if (t === undefined || !active.has(t.state)) return;
    if (t.job === "") {
      this.#set(id, { state: "cancelled" });
      if (t.state !== "working") this.#giveUp(t); // it may have a copy already, if it waits to be retried
    } else await cancelJob(t.job);
    this.#over(t.group);
  }

  /** Retries a failed transfer. */
  retry(id: number): void {
    if (this.#all.get(id)?.state !== "failed") return;
    this.#set(id, { state: "waiting", fault: "", waits: "", job: "" });
    this.#work();
  }

  /** Whether leaving the page would leave something undone: jobs go on without it, but not what has to be done before and after them. */
  busy(): boolean {
    return this.get().some((t) => active.has(t.state) && (t.state !== "working" || t.job === "" || t.trashes || t.replaces));
  }

  /** The number of transfers under way, including jobs on the server, which end when their user signs out. */
  left(): number {
    return this.get().filter((t) => active.has(t.state)).length;
  }

  /** Clears transfers that have ended, with their plans, so that a reload does not continue them. */
  clear(): void {
    for (const t of this.get().filter((t) => !active.has(t.state))) {
      this.#giveUp(t);
      this.#drop(t);
    }
  }

  /** Drops what was left to do for a transfer. */
  #giveUp(t: Transfer): void {
    const made = this.#made.get(t.id);
    this.#made.delete(t.id);
    forgetPlan(made?.job ?? t.job);
    if (made !== undefined && made.path !== t.to) void erase(made.path).catch(() => undefined); // a temporary copy that would be left behind
  }

  #new(t: Pick<Transfer, "group" | "deed" | "from" | "to" | "trashes">): Transfer {
    return { ...t, id: ++this.#last, state: "waiting", bytes: 0, bytesDone: 0, fault: "", waits: "", replaces: false, job: "" };
  }

  /** Adds a transfer, or puts it in the place of the one with its id. */
  #put(t: Transfer): void {
    this.#drop(this.#all.get(t.id), true);
    this.#all.set(t.id, t);
    if (t.state === "waiting") this.#waiting[wayOf(t)].add(t.id);
    if (active.has(t.state)) this.#left.set(t.group, (this.#left.get(t.group) ?? 0) + 1);
    this.#changed();
  }

  /** Removes a transfer, unless another takes its place. */
  #drop(t: Transfer | undefined, replaced = false): void {
    if (t === undefined) return;
    if (!replaced) this.#all.delete(t.id);
    this.#waiting[wayOf(t)].delete(t.id);
    if (active.has(t.state)) this.#left.set(t.group, (this.#left.get(t.group) ?? 0) - 1);
    this.#changed();
  }

  /** Notifies subscribers, but no more often than it is worth updating the page. */
  #changed(): void {
    this.#snapshot = null;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      for (const tell of this.#listeners) tell();
    }, drawn);
  }

  #set(id: number, change: Partial<Transfer>): void {
    const t = this.#all.get(id);
    if (t !== undefined) this.#put({ ...t, ...change });
  }

  #settle(t: Transfer, how: Resolution): void {
    if (how === "skip") this.#set(t.id, { state: "skipped" });
    else if (how === "replace") this.#set(t.id, { state: "waiting", replaces: true });
    else this.#set(t.id, { state: "waiting", to: besides(t.to, (path) => this.get().some((o) => o.to === path)) });
  }

  #work(): void {
    if (this.#identity.standing !== "same") return;
    for (const way of ["rename", "job"] as const) {
      for (const id of this.#waiting[way]) {
        const t = this.#all.get(id);
        if (t === undefined || this.#working[way] >= atOnce) break;
        this.#working[way]++;
        this.#set(id, { state: "working" });
        void this.#end(id, way, way === "rename" ? this.#move(t) : this.#copy(t));
      }
    }
  }

  /** Waits for a transfer to end, and sets its state. */
  async #end(id: number, way: Way, deed: Promise<TransferState>): Promise<void> {
    let state: TransferState;
    let fault = "";
    try {
      state = await deed;
    } catch (e) {
      const taken = e instanceof ApiError && e.exception === "FileAlreadyExistsException";
      const t = this.#all.get(id);
      // A share shows what is elsewhere. If something replaced itself, both the old and the new would go to the trash.
      const same = taken && t?.trashes === true && (await isSame(t.from, t.to));
      state = taken && !same ? "conflict" : "failed";
      fault = same ? "It is already there: this folder shows the same items through a share." : wordsFor(e);
    }
    this.#working[way]--;
    const t = this.#all.get(id);
    if (t === undefined) return this.#work();
    // If the user has already chosen to keep both, the next number is tried without asking again. What is refused although it was to replace would be refused
    // again, so the user is asked.
    const numbered = nameOf(t.to) !== nameOf(t.from);
    const known = state !== "conflict" ? undefined : numbered ? "keep both" : t.replaces ? undefined : this.#forAll.get(t.group);
    this.#set(id, state === "conflict" ? { state, job: "" } : { state, fault });
    if (known !== undefined) this.#settle(t, known);
    if (state === "done") this.onChanged([t.from, t.to]);
    this.#over(t.group);
    this.#work();
  }

  async #move(t: Transfer): Promise<TransferState> {
    if (t.replaces) await replace(t);
    else await rename({ from: t.from, to: t.to });
    return "done";
  }

  async #copy(t: Transfer): Promise<TransferState> {
    if (this.#made.has(t.id)) return this.#finish(t.id);
    const { id: job, target } = await this.#begin(t);
    // It may have been cancelled before there was a job to cancel.
    if (this.#all.get(t.id)?.state !== "working") {
      await cancelJob(job);
      return "cancelled";
    }
    this.#set(t.id, { job });
    if (t.trashes || t.replaces) keepPlan(job, { to: t.to, trashes: t.trashes });
    return this.#follow(t.id, job, target);
  }

  /** Begins the job of a copy. If the answer is lost, the job may still exist, so a retry uses the same key and target. */
  async #begin(t: Transfer): Promise<{ id: string; target: Path }> {
    // A replacement is copied next to the old entry first, and takes its place when it is complete.
    const { key, target } = this.#asked.get(t.id) ?? { key: crypto.randomUUID(), target: t.replaces ? join(parentOf(t.to), `.${crypto.randomUUID()}.copy`) : t.to };
    this.#asked.set(t.id, { key, target });
    try {
      const { id } = await ask(api.POST("/api/v1/jobs", { body: { kind: "copy", sources: [t.from], target }, params: { header: { "Idempotency-Key": key } } }));
      this.#asked.delete(t.id);
      return { id, target };
    } catch (e) {
      if (!(e instanceof ApiError && retriable(e.status))) this.#asked.delete(t.id);
      throw e;
    }
  }

  /** Waits until a job that creates path has ended, through lost connections, and then finishes the transfer. */
  async #follow(id: number, job: string, path: Path): Promise<TransferState> {
    for (let pause = firstLook; ; pause = Math.min(longestLook, 1.5 * pause)) {
      await new Promise((done) => setTimeout(done, pause));
      await this.#identity.sure();
      let now: Job;
      try {
        now = await ask(api.GET("/api/v1/jobs/{job}", { params: { path: { job } } }));
      } catch (e) {
        if (e instanceof ApiError && retriable(e.status)) continue;
        throw e;
      }
      this.#set(id, { bytes: now.bytes, bytesDone: now.bytesDone, waits: now.waiting?.detail ?? "" });
      if (now.state === "queued" || now.state === "running") continue;
      if (now.state === "cancelled" || now.error !== undefined) forgetPlan(job);
      if (now.state === "cancelled") return "cancelled";
      if (now.error !== undefined) throw new ApiError(now.error.status, now.error.detail, now.error.exception);
      this.#made.set(id, { job, path });
      return this.#finish(id);
    }
  }

  /**
   * Finishes a transfer whose copy is complete: the copy replaces what it should, and for a move the original goes to the trash. If that fails, a retry
   * does not copy again, unless the server refused the replacement.
   */
  async #finish(id: number): Promise<TransferState> {
    await this.#identity.sure();
    const t = this.#all.get(id);
    const made = this.#made.get(id);
    if (t === undefined || made === undefined) return "done";
    if (made.path !== t.to) {
      try {
        await replace({ from: made.path, to: t.to });
      } catch (e) {
        if (e instanceof ApiError && retriable(e.status)) throw e;
        this.#made.delete(id);
        forgetPlan(made.job);
        await erase(made.path);
        throw e;
      }
      this.#made.set(id, { ...made, path: t.to });
    }
    if (t.trashes) await discardCopied(t.from);
    this.#made.delete(id);
    forgetPlan(made.job);
    return "done";
  }

  /** Reports a group once all its transfers have ended. */
  #over(group: number): void {
    if ((this.#left.get(group) ?? 0) > 0) return;
    this.#left.delete(group);
    const all = this.get().filter((t) => t.group === group);
    const done = all.filter((t) => t.state === "done");
    for (const t of all) if (t.state !== "failed") this.#drop(t);
    const [first] = done;
    if (first === undefined) return;
    const outcome = { deed: first.deed, into: parentOf(first.to), done };
    if (this.#onOver === undefined) this.#untold.push(outcome);
    else this.#onOver(outcome);
  }
}

/** Moves an original to the trash. A name that is taken in the trash must not count as a conflict of the transfer, so errors are wrapped. */
async function discardCopied(path: Path): Promise<void> {
  try {
    await discard(path);
  } catch (e) {
    throw new Error(`The copy is complete, but the original could not be moved to the trash: ${wordsFor(e)}`);
  }
}

/** Whether two paths lead to the same file or directory. */
async function isSame(a: Path, b: Path): Promise<boolean> {
  try {
    const [one, other] = await Promise.all([readStatus(a), readStatus(b)]);
    return one.fileId === other.fileId;
  } catch {
    return false; // then the user is asked
  }
}

/** Cancels a job, which removes what it has created. */
async function cancelJob(job: string): Promise<void> {
  await ask(api.POST("/api/v1/jobs/{job}/cancel", { params: { path: { job } } }));
}

/** The transfers of this page. */
export const transfers = new Transfers();
