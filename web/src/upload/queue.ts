import { ApiError, problem, retriable, sessionEnded } from "../api/client";
import { identity } from "../identity";
import type { Resolution } from "../parts/NameTaken";
import { join, parentOf, type Path } from "../path";
import { Backoff } from "./backoff";
import { besides } from "./besides";
import { noJournal, openJournal, type Journal } from "./journal";
import { sayUploading, unlessSomebodyUploads } from "./lock";
import { endParts, forgetParts, partSize, sendFile, sendMany } from "./send";
import { over } from "./sum";
import { etagThere, sameThere, there } from "./there";
import type { Answer, Send, Upload, Ways } from "./upload";

const atOnce = 3; // requests; more are no faster over one connection
const togetherLargest = 256 << 10; // bytes of the largest file that is sent together with others
const together = 500; // most files in one request
const togetherBytes = 8 << 20;
const several = 4; // fewer small files than this are sent one by one
const looks = 4; // files that are compared at a time
const drawn = 60; // milliseconds between updates of the page
const many = 20; // if so many files are added at once, those that exist are looked up before any is sent

/**
 * The queue of uploads, in the order in which they were added. After a lost connection they wait and continue by themselves. An upload that the server
 * refuses fails with the reason, and does not affect the others.
 */
export class UploadQueue {
  #all: Upload[] = [];
  #at = new Map<number, number>(); // the index in #all of an upload, by its id
  #paths = new Set<Path>(); // the destinations of all uploads
  #snapshot: readonly Upload[] | null = [];
  #telling: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();
  #under = new Map<number, AbortController>();
  #last = 0;
  #backoff = new Backoff(() => this.#work());
  #held = false;
  #dir: Path = "/"; // the directory of the latest files
  #noted = 0; // the number of files in the journal
  #cleared = 0; // the number of those that are done and cleared from the list
  #send: Send;
  #ways: Ways;
  #forAll = new Map<number, Resolution>(); // by group
  #reached = new Set<string>(); // directories into or below which a file was uploaded, each prefixed with its group

  /** Called with the directory of each file that was uploaded. */
  onDone: (dir: Path) => void = () => undefined;
  /** Called with each directory into or below which the first file of a group was uploaded, since it may have been created for it. */
  onReached: (dir: Path) => void = () => undefined;

  constructor(send: Send, ways: Partial<Ways> = {}) {
    this.#send = send;
    this.#ways = { sendMany: null, look: null, same: () => Promise.resolve(false), etag: () => Promise.resolve(undefined), forget: () => Promise.resolve(), end: () => Promise.resolve(), journal: noJournal, ...ways };
  }

  /** What is remembered across reloads of the page. */
  get journal(): Journal {
    return this.#ways.journal;
  }

  subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  };

  /** All uploads, the oldest first. It returns the same array until something changes. */
  get = (): readonly Upload[] => (this.#snapshot ??= this.#all.slice());

  /** Adds files, each with its path below dir. */
  add(dir: Path, files: readonly { file: File; below: string }[]): void {
    if (files.length === 0) return;
    const group = this.#last + 1; // the id of its first upload
    for (const { file, below } of files) {
      this.#at.set(++this.#last, this.#all.length);
      this.#paths.add(join(dir, below));
      this.#all.push({ id: this.#last, group, file, path: join(dir, below), state: "waiting", sent: 0, fault: "", replace: false, alone: false });
    }
    this.#dir = dir;
    this.#note();
    if (files.length < many || this.#ways.look === null) this.#work();
    else void this.#lookFirst(dir, this.#all.slice(-files.length));
  }

  /** Records in the journal how many files there are to send, without those that were skipped or removed. */
  #note(): void {
    const files = this.#cleared + this.#all.filter((u) => u.state !== "skipped").length;
    if (files !== this.#noted) void this.journal.begun(this.#dir, files);
    this.#noted = files;
  }

  /** Looks up which of many files exist before any is sent. Those that this browser has sent before are done; for others the user is asked. */
  async #lookFirst(dir: Path, added: readonly Upload[]): Promise<void> {
    for (const u of added) this.#set(u.id, { state: "looked for" });
    this.#changed();
    let taken = new Map<Path, number | undefined>();
    try {
      taken = (await this.#ways.look?.(dir, added.map((u) => u.path))) ?? taken;
    } catch {
      // Without an answer, each upload finds out for itself.
    }
    const left: Upload[] = [];
    for (const u of added) {
      if (this.#find(u.id)?.state !== "looked for") continue;
      if (taken.has(u.path)) left.push(u);
      else this.#set(u.id, { state: "waiting" });
    }
    this.#work(); // uploads without a conflict need not wait
    const look = async () => {
      for (let u = left.shift(); u !== undefined; u = left.shift()) {
        if (this.#find(u.id)?.state !== "looked for") continue;
        const etag = taken.get(u.path) === u.file.size ? await this.#unchanged(u) : undefined;
        if (etag === undefined) await this.#conflict(u);
        else this.#done(u, etag);
        this.#work();
      }
    };
    await Promise.all(Array.from({ length: looks }, look));
  }

  /** The ETag of the existing file, if it is still the one that this browser sent, and not a later one of the same length. */
  async #unchanged(u: Upload): Promise<string | undefined> {
    const sent = await this.journal.sent(u.path, u.file);
    try {
      return sent !== undefined && sent === (await this.#ways.etag(u)) ? sent : undefined;
    } catch {
      return undefined; // then the contents are compared
    }
  }

  /** Handles a name that is taken. If the existing file is identical, the upload is done, since only the answer may have been lost; else the user is asked. */
  async #conflict(u: Upload): Promise<void> {
    this.#set(u.id, { state: "looked for", sent: 0 });
    let same: boolean | undefined;
    let after = 0;
    try {
      same = await this.#ways.same(u);
    } catch (e) {
      if (e instanceof ApiError) after = e.retryAfter; // the server is not available now
    }
    const now = this.#find(u.id);
    if (now?.state !== "looked for") return;
    const forAll = this.#forAll.get(now.group);
    if (same === undefined) this.#later(now, after);
    else if (same) this.#done(now);
    else if (forAll !== undefined && !now.replace) this.#settle(now, forAll); // if it was refused although it was to replace, the same choice would fail again, so the user is asked
    else this.#set(u.id, { state: "conflict" });
  }

  /** Puts an upload back and delays the queue, by at least after seconds. */
  #later(u: Upload, after = 0): void {
    this.#set(u.id, { state: "waiting", sent: 0 });
    this.#backoff.wait(after);
  }

  #done(u: Upload, etag?: string): void {
    this.#set(u.id, { state: "done", sent: u.file.size });
    // The journal needs the ETag to recognize a long file. If the answer with it was lost, it is read from the server. The state of an upload in parts is
    // removed only when the journal has the file.
    const known = etag !== undefined || u.file.size <= partSize ? Promise.resolve(etag) : this.#ways.etag(u).catch(() => undefined);
    void known.then((tag) => this.journal.done(u.path, u.file, tag)).then(() => this.#ways.forget(u));
    this.onDone(parentOf(u.path));
    for (let dir = parentOf(u.path); dir !== "/" && !this.#reached.has(`${u.group}${dir}`); dir = parentOf(dir)) {
      this.#reached.add(`${u.group}${dir}`);
      this.onReached(dir);
    }
  }

  /** Resolves a conflict; with forAll, all conflicts of its group, including later ones. */
  resolve(id: number, how: Resolution, forAll: boolean): void {
    const chosen = this.#find(id);
    if (chosen === undefined) return;
    if (forAll) this.#forAll.set(chosen.group, how);
    for (const u of this.#all.filter((u) => u.state === "conflict" && (u.id === id || (forAll && u.group === chosen.group)))) this.#settle(u, how);
    this.#work();
  }

  /** Retries a failed upload, or all of them. */
  retry(id?: number): void {
    this.#backoff.forget();
    for (const u of this.#all.filter((u) => u.state === "failed" && (id === undefined || u.id === id))) this.#set(u.id, { state: "waiting", fault: "", sent: 0 });
    this.#work();
  }

  /** Pauses an upload, or all of them. */
  pause(id?: number): void {
    for (const u of this.#all.filter((u) => (u.state === "looked for" || u.state === "waiting" || u.state === "sending") && (id === undefined || u.id === id))) {
      this.#set(u.id, { state: "paused" });
      this.#under.get(u.id)?.abort("paused");
    }
    this.#work();
  }

  /** Resumes a paused upload, or all of them. */
  resume(id?: number): void {
    for (const u of this.#all.filter((u) => u.state === "paused" && (id === undefined || u.id === id))) this.#set(u.id, { state: "waiting", sent: 0 });
    this.#work();
  }

  /** Removes an upload from the list. If it is under way it is aborted, and leaves nothing on the server. */
  remove(id: number): void {
    const u = this.#find(id);
    const under = this.#under.get(id);
    this.#keep((u) => u.id !== id);
    if (under !== undefined) under.abort("removed");
    else if (u !== undefined && u.state !== "done") this.#end(u);
    this.#work();
  }

  /** Removes uploads that are over from the list. */
  clear(): void {
    this.#cleared += this.#all.filter((u) => u.state === "done").length;
    this.#keep((u) => u.state !== "done" && u.state !== "skipped");
    if (this.#all.length === 0) {
      this.#cleared = this.#noted = 0;
      this.#reached.clear();
      void unlessSomebodyUploads(() => this.journal.clear()); // another tab may still need it
    }
    this.#changed();
  }

  /** Whether leaving the page would lose anything. */
  busy(): boolean {
    return this.left() > 0;
  }

  /** The number of uploads that leaving the page would lose. */
  left(): number {
    return this.#all.filter((u) => u.state !== "failed" && !over.has(u.state)).length;
  }

  /** Ends a wait for the connection and continues at once. */
  wake(): void {
    this.#backoff.end();
    this.#work();
  }

  /** Stops sending until goOn is called, since requests might be made as another user. Uploads in parts are interrupted, too: each part is a request. */
  hold(): void {
    this.#held = true;
    for (const u of this.#all) if (u.file.size > partSize) this.#under.get(u.id)?.abort("held");
  }

  /** Continues after hold. */
  goOn(): void {
    if (!this.#held) return;
    this.#held = false;
    this.wake();
  }

  /** Notifies subscribers, but no more often than it is worth updating the page. */
  #changed(): void {
    this.#snapshot = null;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#note();
      for (const tell of this.#listeners) tell();
    }, drawn);
  }

  #end(u: Upload): void {
    this.#ways.end(u).catch(() => undefined); // the server ends it after a day anyway
  }

  #find(id: number): Upload | undefined {
    const i = this.#at.get(id);
    return i === undefined ? undefined : this.#all[i];
  }

  #set(id: number, change: Partial<Upload>): void {
    const i = this.#at.get(id);
    const u = i === undefined ? undefined : this.#all[i];
    if (i !== undefined && u !== undefined) this.#all[i] = { ...u, ...change };
  }

  #keep(which: (u: Upload) => boolean): void {
    this.#all = this.#all.filter(which);
    this.#at = new Map(this.#all.map((u, i) => [u.id, i]));
    this.#paths = new Set(this.#all.map((u) => u.path));
  }

  #settle(u: Upload, how: Resolution): void {
    switch (how) {
      case "replace":
        this.#set(u.id, { state: "waiting", replace: true });
        return;
      case "skip":
        this.#set(u.id, { state: "skipped" });
        this.#end(u);
        return;
      case "keep both": {
        const path = besides(u.path, (other) => this.#paths.has(other));
        this.#paths.add(path);
        this.#end(u); // parts on the server belong to the old name
        this.#set(u.id, { state: "waiting", path, replace: false });
      }
    }
  }

  /** Begins uploads while requests are available. */
  #work(): void {
    if (!this.#backoff.waits && !this.#held) {
      for (let next = this.#next(); next.length > 0; next = this.#next()) void this.#begin(next);
    }
    this.#changed();
  }

  /** The files of the next request: one, or several small ones. */
  #next(): Upload[] {
    if (new Set(this.#under.values()).size >= atOnce) return [];
    const taken = new Set([...this.#under.keys()].map((id) => this.#find(id)?.path)); // two uploads to the same path go one after the other, so that the second finds the conflict
    const waiting = this.#all.filter((u) => u.state === "waiting" && !taken.has(u.path));
    const first = waiting[0];
    if (first === undefined) return [];
    const small = (u: Upload) => this.#ways.sendMany !== null && !u.replace && !u.alone && u.file.size <= togetherLargest;
    if (!small(first)) return [first];
    const group: Upload[] = [];
    let bytes = 0;
    for (const u of waiting) {
      if (group.length === together || bytes >= togetherBytes) break;
      if (!small(u) || taken.has(u.path)) continue;
      taken.add(u.path);
      group.push(u);
      bytes += u.file.size;
    }
    return group.length < several ? [first] : group;
  }

  async #begin(group: readonly Upload[]): Promise<void> {
    const abort = new AbortController();
    for (const u of group) {
      this.#under.set(u.id, abort);
      this.#set(u.id, { state: "sending", sent: 0 });
    }
    const [only] = group;
    let answers: Answer[];
    if (group.length === 1 && only !== undefined) {
      const progress = (sent: number) => {
        this.#set(only.id, { sent });
        this.#changed();
      };
      answers = await this.#try([only], async () => [await this.#send(only, progress, abort.signal)]);
    } else {
      const progress = (part: number) => {
        for (const u of group) this.#set(u.id, { sent: Math.floor(part * u.file.size) });
        this.#changed();
      };
      answers = await this.#try(group, async () => (await this.#ways.sendMany?.(group, progress, abort.signal)) ?? []);
    }
    const lost = !abort.signal.aborted && answers.every((answer) => answer.status === 0);
    const unreadable = lost ? await whichAreUnreadable(group) : new Set<number>();
    group.forEach((u, i) => {
      this.#under.delete(u.id);
      const answer = answers[i] ?? { status: 0, body: undefined };
      if (unreadable.has(u.id)) this.#set(u.id, { state: "failed", sent: 0, fault: "The file can no longer be read. Choose it again." });
      else if (!abort.signal.aborted) this.#answered(u, answer, group.length > 1);
      else if (this.#find(u.id)?.state === "sending") this.#set(u.id, { state: "waiting", sent: 0 });
    });
    this.#work();
  }

  /** Sends, and turns an error into an answer with status 0, or its own status. */
  async #try(group: readonly Upload[], send: () => Promise<Answer[]>): Promise<Answer[]> {
    try {
      return await send();
    } catch (e) {
      const { status, retryAfter } = e instanceof ApiError ? e : { status: 0, retryAfter: 0 };
      return group.map(() => ({ status, body: undefined, retryAfter }));
    }
  }

  #answered(u: Upload, { status, body, etag, retryAfter }: Answer, inGroup: boolean): void {
    if (status >= 200 && status < 300) {
      this.#backoff.forget();
      this.#done(u, etag);
      return;
    }
    if (inGroup && !retriable(status)) {
      // Sent alone it gets an exact answer, such as a conflict that the user can resolve.
      this.#set(u.id, { state: "waiting", sent: 0, alone: true });
      return;
    }
    if (status === 412) {
      void this.#conflict(u).then(() => this.#work());
      return;
    }
    if (retriable(status)) {
      if (status === 401) sessionEnded.dispatchEvent(new Event("ended"));
      this.#later(u, retryAfter);
      return;
    }
    this.#set(u.id, { state: "failed", sent: 0, fault: problem(status, body).message });
  }
}

/** The uploads whose files can no longer be read, since they were deleted or changed after they were chosen. */
async function whichAreUnreadable(group: readonly Upload[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (const { id, file } of group) {
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch {
      found.add(id);
    }
  }
  return found;
}

/** The uploads of this page. */
export const uploads = new UploadQueue(sendFile, {
  sendMany,
  look: there,
  same: sameThere,
  etag: etagThere,
  forget: forgetParts,
  end: endParts,
  journal: typeof indexedDB === "undefined" ? noJournal : openJournal(() => identity.name),
});

identity.subscribe((standing) => (standing === "same" ? uploads.goOn() : uploads.hold()));
if (identity.standing !== "same") uploads.hold();
uploads.subscribe(() => sayUploading(uploads.busy()));
