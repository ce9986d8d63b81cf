const first = 1_000; // milliseconds before the first retry, doubled each time
const longest = 30_000; // unless the server asks for more
const hour = 3_600_000;

/** Delays retries: by a second at first, twice as long each time, and at least as long as the server asks for. */
export class Backoff {
  #pause = 0;
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: () => void;

  /** It calls again when it is time to retry. */
  constructor(again: () => void) {
    this.#again = again;
  }

  /** Whether a wait is under way. */
  get waits(): boolean {
    return this.#timer !== undefined;
  }

  /** Waits, for at least the seconds that the server asks for. Requests that fail during a wait share it; it lasts for the longest of them. */
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

  /** Makes the next wait a short one again, after a success, or when the user asks for a retry. */
  forget(): void {
    this.#pause = 0;
  }

  /** Ends a wait without calling again. */
  end(): void {
    this.forget();
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
