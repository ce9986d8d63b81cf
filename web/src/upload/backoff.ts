const first = 1_000; // milliseconds before what did not come through is tried again; twice that each time
const longest = 30_000; // where the server does not ask for more
const hour = 3_600_000;

/** When to try again what did not come through: after a second, and twice that each time, but not before the server asks for it. */
export class Backoff {
  #pause = 0;
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: () => void;

  /** again is called when it is time. */
  constructor(again: () => void) {
    this.#again = again;
  }

  /** Whether it is not time yet. */
  get waits(): boolean {
    return this.#timer !== undefined;
  }

  /** Waits. after: seconds for which the server asks; 0: it does not say. Several that meet the same wait once, for the longest of these. */
  wait(after = 0): void {
    if (this.#timer === undefined) this.#pause = Math.min(longest, this.#pause === 0 ? first : 2 * this.#pause);
    const due = Date.now() + Math.min(hour, Math.max(this.#pause, after * 1_000));
    if (this.#timer !== undefined && due <= this.#due) return;
    this.#due = due;
    this.#stop();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#again();
    }, due - Date.now());
  }

  /** Notes that something came through, or that somebody wants it tried: the next pause is a short one. */
  forget(): void {
    this.#pause = 0;
  }

  /** Ends the waiting, without calling again. */
  end(): void {
    this.forget();
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
