import { Unreadable, type Footer } from "./footer";
import type { Answer, Question } from "./messages";
import type { ReadRange } from "./range";

const patience = 20_000; // milliseconds that the worker may compute without waiting for bytes

interface Waiting {
  done: (answer: Answer) => void;
  failed: (e: unknown) => void;
}

type Asked = Question extends infer Q ? (Q extends { id: number } ? Omit<Q, "id"> : never) : never;

/** A Parquet file, read by a worker that gets its bytes from this page, and is terminated if it takes too long. */
export class ParquetFile {
  readonly #worker: Worker;
  readonly #read: ReadRange;
  readonly #abort = new AbortController();
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #needs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetchFailure: unknown;
  #ended: Error | undefined;

  constructor(read: ReadRange) {
    this.#read = read;
    this.#worker = new Worker(new URL("./parquet.worker.ts", import.meta.url), { type: "module", name: "parquet" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    this.#worker.onerror = (e) => {
      e.preventDefault();
      this.#end(new Unreadable("The file could not be read. It may be damaged, or need more memory than is available."));
    };
  }

  /** Stops reading. */
  close(): void {
    this.#abort.abort();
    this.#end(new Error("closed"));
  }

  async open(length: number): Promise<Footer> {
    const answer = await this.#ask({ ask: "open", length });
    if (answer.say !== "footer") throw new Error("no footer");
    return answer.footer;
  }

  async rows(group: number, from: number, to: number, columns: readonly number[]): Promise<(string | null)[][]> {
    const answer = await this.#ask({ ask: "rows", group, from, to, columns });
    if (answer.say !== "rows") throw new Error("no rows");
    return answer.rows;
  }

  async cell(group: number, row: number, column: number): Promise<string | null> {
    const answer = await this.#ask({ ask: "cell", group, row, column });
    if (answer.say !== "cell") throw new Error("no cell");
    return answer.cell;
  }

  #ask(question: Asked): Promise<Answer> {
    return new Promise((done, failed) => {
      if (this.#ended !== undefined) return failed(this.#ended);
      const id = ++this.#last;
      this.#waiting.set(id, { done, failed });
      this.#worker.postMessage({ ...question, id });
      this.#watch();
    });
  }

  /** Restarts the timer for the worker, which does not run while the worker waits for bytes or has nothing to do. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size === 0 || this.#needs > 0) return;
    this.#timer = setTimeout(() => this.#end(new Unreadable(`Reading was cancelled because it took longer than ${patience / 1000} seconds. Choose fewer columns, or download the file.`)), patience);
  }

  #hear(answer: Answer): void {
    if (answer.say === "need") {
      void this.#bring(answer.id, answer.from, answer.to);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#watch();
    if (answer.say !== "failure") waiting?.done(answer);
    else waiting?.failed(answer.fetch ? this.#fetchFailure : new Unreadable(answer.words));
  }

  async #bring(id: number, from: number, to: number): Promise<void> {
    this.#needs++;
    this.#watch();
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    try {
      bytes = await this.#read(from, to, this.#abort.signal);
    } catch (e) {
      this.#fetchFailure = e;
    }
    this.#needs--;
    if (this.#ended !== undefined) return;
    const taken: Question = { ask: "take", id, bytes };
    this.#worker.postMessage(taken, bytes === undefined ? [] : [bytes.buffer]);
    this.#watch();
  }

  #end(why: Error): void {
    clearTimeout(this.#timer);
    this.#ended ??= why;
    this.#worker.terminate();
    for (const { failed } of this.#waiting.values()) failed(why);
    this.#waiting.clear();
  }
}
