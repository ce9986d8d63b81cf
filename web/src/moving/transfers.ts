import { api, ApiError, ask, retriable, wordsFor } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { identity as ofPage, type Identity } from "../identity";
import { erase, rename } from "../listing/actions";
import type { Resolution } from "../parts/NameTaken";
import { join, nameOf, parentOf, type Path } from "../path";
import { discard } from "../trash/discard";
import { besides } from "../upload/besides";
import type { Deed } from "./fault";
import { forgetPlan, keepPlan, plans } from "./plans";

type Job = components["schemas"]["Job"];

/** How a transfer stands. conflict: there is something of that name, and somebody has to choose. */
export type TransferState = "waiting" | "working" | "conflict" | "done" | "failed" | "skipped" | "cancelled";

/** An entry that is moved or copied. A copy, and a move to another project, is a job of the server. */
export interface Transfer {
  readonly id: number;
  /** What was asked for together. */
  readonly group: number;
  readonly deed: Deed;
  readonly from: Path;
  readonly to: Path;
  readonly state: TransferState;
  /** Of a job: bytes in all and those that are copied; 0 before it is known. */
  readonly bytes: number;
  readonly bytesDone: number;
  /** Why it failed, in words; "" otherwise. */
  readonly fault: string;
  /** The entry is in another project, and goes to the trash when its copy is there. */
  readonly trashes: boolean;
  /** What is called so already goes to the trash. */
  readonly replaces: boolean;
  /** The job on the server; "": there is none. */
  readonly job: string;
}

/** What the transfers of a group came to, once none is under way. */
export interface Outcome {
  deed: Deed;
  into: Path;
  /** Those that were done. */
  done: readonly Transfer[];
}

const atOnce = 3;
const firstLook = 250; // milliseconds until a job is asked how far it is; half as much again each time
const longestLook = 2_000;

const active = new Set<TransferState>(["waiting", "working", "conflict"]);

/** What is being moved and copied. */
export class Transfers {
  #all: readonly Transfer[] = [];
  #listeners = new Set<() => void>();
  #last = 0;
  #working = 0;
  #forAll = new Map<number, Resolution>(); // by group
  #made = new Map<number, { job: string; path: Path }>(); // copies that are whole, with something left to do, by transfer
  #asked = new Map<number, { key: string; target: Path }>(); // jobs of which it is not known whether they were begun, by transfer

  #identity: Identity;

  /** identity: whom the page shows. Nothing is begun, and nothing gone on with, while it may act as somebody else. */
  constructor(identity: Identity = ofPage) {
    this.#identity = identity;
    identity.subscribe((standing) => standing === "same" && this.#work());
  }

  /** Called when entries came or went. */
  onChanged: (paths: readonly Path[]) => void = () => undefined;
  #onOver: ((outcome: Outcome) => void) | undefined;
  #untold: Outcome[] = []; // a drop may be over before the panel is loaded

  /** Called when a group has come to its end, and at once for those that had before. */
  set onOver(tell: (outcome: Outcome) => void) {
    this.#onOver = tell;
    for (const outcome of this.#untold.splice(0)) tell(outcome);
  }

  subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  };

  /** All transfers that are not forgotten. The same array as long as nothing changes. */
  get = (): readonly Transfer[] => this.#all;

  /** Moves or copies entries into a directory. trashes: they are in another project, are copied, and go to the trash then. */
  add(deed: Deed, paths: readonly Path[], into: Path, trashes = false): void {
    const group = ++this.#last;
    const added = paths.map((from) => this.#new({ group, deed, from, to: join(into, nameOf(from)), trashes }));
    // A copy beside what it is of has another name from the start.
    this.#put([...this.#all, ...added.map((t) => (deed === "copy" && t.to === t.from ? { ...t, to: besides(t.to, () => false) } : t))]);
    this.#work();
  }

  /** Goes on with jobs that were begun before the page was loaded. */
  async adopt(): Promise<void> {
    const { items } = await ask(api.GET("/api/v1/jobs", { params: { query: { limit: 50 } } }));
    const kept = plans();
    for (const job of items) {
      const [from] = job.sources;
      if (job.kind !== "copy" || from === undefined || this.#all.some((t) => t.job === job.id)) continue;
      const plan = kept.get(job.id);
      const over = job.state !== "queued" && job.state !== "running";
      if (over && plan === undefined) continue;
      const { to, trashes } = plan ?? { to: job.target, trashes: false };
      const t = this.#new({ group: ++this.#last, deed: trashes ? "move" : "copy", from, to, trashes });
      this.#put([...this.#all, { ...t, state: "working", job: job.id, replaces: to !== job.target }]);
      this.#working++;
      void this.#end(t.id, this.#follow(t.id, job.id, job.target));
    }
  }

  /** Chooses what becomes of an entry whose name is taken; forAll: of all in its group. */
  resolve(id: number, how: Resolution, forAll: boolean): void {
    const chosen = this.#find(id);
    if (chosen === undefined) return;
    if (forAll) this.#forAll.set(chosen.group, how);
    for (const t of this.#all) {
      if (t.state === "conflict" && (t.id === id || (forAll && t.group === chosen.group))) this.#settle(t, how);
    }
    this.#over(chosen.group);
    this.#work();
  }

  /** Ends a transfer; nothing is made, and what was there stays. */
  async cancel(id: number): Promise<void> {
    const t = this.#find(id);
    if (t === undefined || !active.has(t.state)) return;
    if (t.job === "") this.#set(id, { state: "cancelled" });
    else await cancelJob(t.job);
    this.#over(t.group);
  }

  /** Tries again what failed. */
  retry(id: number): void {
    if (this.#find(id)?.state !== "failed") return;
    this.#set(id, { state: "waiting", fault: "", job: "" });
    this.#work();
  }

  /** Whether anything would be left undone, or done by half, with the page: the server goes on with jobs, and not with what is left to do before and after them. */
  busy(): boolean {
    return this.#all.some((t) => active.has(t.state) && (t.state !== "working" || t.job === "" || t.trashes || t.replaces));
  }

  /** How many are not over, jobs of the server included: these end when who began them signs out. */
  left(): number {
    return this.#all.filter((t) => active.has(t.state)).length;
  }

  /** Forgets what is over, and what was left to do of it: a page that is loaded again goes on with none of that. */
  clear(): void {
    for (const t of this.#all.filter((t) => !active.has(t.state))) {
      const made = this.#made.get(t.id);
      this.#made.delete(t.id);
      forgetPlan(t.job);
      if (made !== undefined && made.path !== t.to) void erase(made.path).catch(() => undefined); // a copy that nobody has seen
    }
    this.#put(this.#all.filter((t) => active.has(t.state)));
  }

  #new(t: Pick<Transfer, "group" | "deed" | "from" | "to" | "trashes">): Transfer {
    return { ...t, id: ++this.#last, state: "waiting", bytes: 0, bytesDone: 0, fault: "", replaces: false, job: "" };
  }

  #find(id: number): Transfer | undefined {
    return this.#all.find((t) => t.id === id);
  }

  #put(all: readonly Transfer[]): void {
    this.#all = all;
    for (const tell of this.#listeners) tell();
  }

  #set(id: number, change: Partial<Transfer>): void {
    this.#put(this.#all.map((t) => (t.id === id ? { ...t, ...change } : t)));
  }

  #settle(t: Transfer, how: Resolution): void {
    if (how === "skip") this.#set(t.id, { state: "skipped" });
    else if (how === "replace") this.#set(t.id, { state: "waiting", replaces: true });
    else this.#set(t.id, { state: "waiting", to: besides(t.to, (path) => this.#all.some((o) => o.to === path)) });
  }

  #work(): void {
    if (this.#identity.standing !== "same") return;
    for (const t of this.#all) {
      if (this.#working >= atOnce) return;
      if (t.state !== "waiting") continue;
      this.#working++;
      this.#set(t.id, { state: "working" });
      void this.#end(t.id, t.deed === "move" && !t.trashes ? this.#move(t) : this.#copy(t));
    }
  }

  /** Waits for what is done with a transfer, and says how it ended. */
  async #end(id: number, deed: Promise<TransferState>): Promise<void> {
    let state: TransferState;
    let fault = "";
    try {
      state = await deed;
    } catch (e) {
      const taken = e instanceof ApiError && e.exception === "FileAlreadyExistsException";
      state = taken ? "conflict" : "failed";
      fault = wordsFor(e);
    }
    this.#working--;
    const t = this.#find(id);
    if (t === undefined) return this.#work();
    // Another number is no question to anybody.
    const numbered = nameOf(t.to) !== nameOf(t.from);
    const known = state !== "conflict" ? undefined : numbered ? "keep both" : this.#forAll.get(t.group);
    this.#set(id, state === "conflict" ? { state, job: "" } : { state, fault });
    if (known !== undefined) this.#settle(t, known);
    if (state === "done") this.onChanged([t.from, t.to]);
    this.#over(t.group);
    this.#work();
  }

  async #move(t: Transfer): Promise<TransferState> {
    if (t.replaces) await replace(t.from, t.to);
    else await rename({ from: t.from, to: t.to });
    return "done";
  }

  async #copy(t: Transfer): Promise<TransferState> {
    if (this.#made.has(t.id)) return this.#finish(t.id);
    const { id: job, target } = await this.#begin(t);
    // Somebody may have cancelled it before there was a job to cancel.
    if (this.#find(t.id)?.state !== "working") {
      await cancelJob(job);
      return "cancelled";
    }
    this.#set(t.id, { job });
    if (t.trashes || t.replaces) keepPlan(job, { to: t.to, trashes: t.trashes });
    return this.#follow(t.id, job, target);
  }

  /** Begins the job of a copy. If an answer is lost on its way the job may be there: who tries again asks for the same one. */
  async #begin(t: Transfer): Promise<{ id: string; target: Path }> {
    // What is to replace something is made beside it first, and takes its place when it is whole.
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

  /** Waits until a job that makes path has ended, and does what is left then. A lost connection does not end that. */
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
      this.#set(id, { bytes: now.bytes, bytesDone: now.bytesDone });
      if (now.state === "queued" || now.state === "running") continue;
      if (now.state === "cancelled" || now.error !== undefined) forgetPlan(job);
      if (now.state === "cancelled") return "cancelled";
      if (now.error !== undefined) throw new ApiError(now.error.status, now.error.detail, now.error.exception);
      this.#made.set(id, { job, path });
      return this.#finish(id);
    }
  }

  /**
   * Does what is left when a copy is whole: it takes the place of what it replaces, and what was moved goes to the trash. What fails of that can be tried again,
   * and is not copied again, unless the copy was refused its place.
   */
  async #finish(id: number): Promise<TransferState> {
    await this.#identity.sure();
    const t = this.#find(id);
    const made = this.#made.get(id);
    if (t === undefined || made === undefined) return "done";
    if (made.path !== t.to) {
      try {
        await replace(made.path, t.to);
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

  /** Tells of a group when nothing of it is under way any more. */
  #over(group: number): void {
    const all = this.#all.filter((t) => t.group === group);
    const [first] = all;
    if (first === undefined || all.some((t) => active.has(t.state))) return;
    const done = all.filter((t) => t.state === "done");
    this.#put(this.#all.filter((t) => t.group !== group || t.state === "failed"));
    if (done.length === 0) return;
    const outcome = { deed: first.deed, into: parentOf(first.to), done };
    if (this.#onOver === undefined) this.#untold.push(outcome);
    else this.#onOver(outcome);
  }
}

/** Moves to the trash what has been copied. A name that is taken in the trash is none of the copy's, so it is no question to anybody. */
async function discardCopied(path: Path): Promise<void> {
  try {
    await discard(path);
  } catch (e) {
    throw new Error(`The copy is there; the original could not be moved to the trash: ${wordsFor(e)}`);
  }
}

/** Puts an entry in the place of another one of its project, which goes to the trash. */
async function replace(source: Path, path: Path): Promise<void> {
  await ask(api.POST("/api/v1/fs/replace", { params: { query: { path, source } } }));
}

/** Ends a job; nothing is left of what it made. */
async function cancelJob(job: string): Promise<void> {
  await ask(api.POST("/api/v1/jobs/{job}/cancel", { params: { path: { job } } }));
}

/** The transfers of this page. */
export const transfers = new Transfers();
