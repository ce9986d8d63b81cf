/**
 * Whether requests of the page are made as the user whom it shows. It is "unsure" when somebody has signed in or out in another tab, until it is known who
 * is signed in, and "another" when somebody else is signed in, until the page is reloaded.
 */
export type Standing = "same" | "unsure" | "another";

const again = 3_000; // milliseconds before asking again who is signed in, if there was no answer
const seldom = 5_000; // least milliseconds between two questions without a special reason

/** The user whom a page shows, and whether its requests are made as that user, since all tabs of a browser share one cookie. */
export class Identity {
  #name: string | undefined; // undefined until somebody has signed in
  #standing: Standing = "same";
  #listeners = new Set<(standing: Standing) => void>();
  #who: () => Promise<string | undefined> = () => Promise.resolve(this.#name);
  #channel: BroadcastChannel | undefined;
  #turn = 0;
  #asked = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The user whom the page shows; "" until somebody has signed in. */
  get name(): string {
    return this.#name ?? "";
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Calls tell with the standing after each check of who is signed in, and when it becomes unsure. */
  subscribe(tell: (standing: Standing) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  /** Waits until it is certain that requests are made as the user whom the page shows: forever, if they are not. */
  sure(): Promise<void> {
    if (this.#standing === "same") return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.subscribe((standing) => {
        if (standing !== "same") return;
        stop();
        resolve();
      });
    });
  }

  /**
   * Listens to the other tabs on a channel. who returns the signed-in user, undefined for nobody, and throws if there is no answer. It returns a function
   * that stops listening.
   */
  listen(channel: BroadcastChannel | undefined, who: () => Promise<string | undefined>): () => void {
    this.#who = who;
    this.#channel = channel;
    const heard = ({ data }: MessageEvent<unknown>) => {
      if (this.#name === undefined || (data === this.#name && this.#standing === "same")) return;
      this.doubt();
      void this.look();
    };
    channel?.addEventListener("message", heard);
    return () => {
      channel?.removeEventListener("message", heard);
      channel?.close();
      clearTimeout(this.#timer);
    };
  }

  /** Sets the user whom the page shows, and tells the other tabs. */
  shows(name: string): void {
    this.#name = name;
    this.#channel?.postMessage(name);
  }

  /** Notes that the user may have changed or signed out. */
  doubt(): void {
    if (this.#name !== undefined) this.#found("unsure"); // a page without a user has nothing to doubt
  }

  /** Tells the other tabs that the user has signed out. The caller then leaves the page, without warnings about work in progress. */
  signedOut(): void {
    this.#standing = "another";
    this.#channel?.postMessage("");
  }

  /** Checks who is signed in, unless that was checked just now and there is no doubt. A clock that was set back does not say that it was just now. */
  async glance(): Promise<void> {
    if (this.#name !== undefined && (this.#standing === "unsure" || Math.abs(Date.now() - this.#asked) >= seldom)) await this.look();
  }

  /** Checks who is signed in. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asked = Date.now();
    const turn = ++this.#turn;
    let name: string | undefined;
    try {
      name = await this.#who();
    } catch {
      if (turn === this.#turn && this.#standing === "unsure") this.#timer = setTimeout(() => void this.look(), again);
      return;
    }
    if (turn !== this.#turn) return; // a later check has overtaken this one
    if (name !== undefined) this.#found(name === this.#name ? "same" : "another");
  }

  #found(standing: Standing): void {
    if (this.#standing === "another") return; // final: the page shows another user's data until it is reloaded
    this.#standing = standing;
    for (const tell of this.#listeners) tell(standing);
  }
}

/** The identity of this page. */
export const identity = new Identity();
