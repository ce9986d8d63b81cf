/**
 * Whether a page acts as the user whom it shows. unsure: somebody has signed in or out in another tab, and it is not known yet who is signed in now; another: it
 * acts as somebody else, until it is loaded anew.
 */
export type Standing = "same" | "unsure" | "another";

const again = 3_000; // milliseconds until it is asked again who is signed in, where no answer came
const seldom = 5_000; // milliseconds in which it is not asked twice without a reason

/** Whom a page shows, and whether it acts as them: all tabs of a browser have one cookie. */
export class Identity {
  #name: string | undefined; // undefined: nobody has signed in yet
  #standing: Standing = "same";
  #listeners = new Set<(standing: Standing) => void>();
  #who: () => Promise<string | undefined> = () => Promise.resolve(this.#name);
  #channel: BroadcastChannel | undefined;
  #turn = 0;
  #asked = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The user whom the page shows; "": nobody has signed in yet. */
  get name(): string {
    return this.#name ?? "";
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Has tell called with what was found whenever it was asked who is signed in, and when that has become unsure. */
  subscribe(tell: (standing: Standing) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  /** Waits until the page acts as the user whom it shows: for ever if that is somebody else. */
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

  /** Listens to the other tabs on a channel. who says who is signed in, undefined for nobody, and throws where no answer comes. It returns what ends that. */
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

  /** Says whom the page shows, here and to the other tabs. */
  shows(name: string): void {
    this.#name = name;
    this.#channel?.postMessage(name);
  }

  /** Says that nobody may be signed in any more, or somebody else. */
  doubt(): void {
    if (this.#name !== undefined) this.#found("unsure"); // of nobody it is sure
  }

  /** Tells the other tabs that nobody is signed in any more. The caller leaves the page, and nobody asks whether it may be left. */
  signedOut(): void {
    this.#standing = "another";
    this.#channel?.postMessage("");
  }

  /** Asks who is signed in, unless that was asked just now and nothing speaks against it. */
  async glance(): Promise<void> {
    if (this.#name !== undefined && (this.#standing === "unsure" || Date.now() - this.#asked >= seldom)) await this.look();
  }

  /** Asks who is signed in. */
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
    if (turn !== this.#turn) return; // it was about what was before
    if (name !== undefined) this.#found(name === this.#name ? "same" : "another");
  }

  #found(standing: Standing): void {
    if (this.#standing === "another") return; // what is shown stays somebody else's
    this.#standing = standing;
    for (const tell of this.#listeners) tell(standing);
  }
}

/** Whom this page shows. */
export const identity = new Identity();
