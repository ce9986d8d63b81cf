import type { Root } from "hast";
import type { Answer, Question } from "./parse.worker";

const patience = 4_000; // milliseconds that the parser may take; some texts of a few kilobytes take minutes

interface Waiting {
  text: string;
  done: (tree: Root) => void;
  failed: (e: Error) => void;
}

let worker: Worker | undefined;
let busy = false;
let last = 0;
const queue: Waiting[] = [];

/**
 * Parses Markdown in a worker, which is terminated if it takes too long: for some texts the parser takes quadratic time, which would hang the tab. Texts are
 * parsed one after the other. It throws an error with a message for the user.
 */
export function parseMarkdown(text: string): Promise<Root> {
  return new Promise((done, failed) => {
    queue.push({ text, done, failed });
    next();
  });
}

function next(): void {
  if (busy) return;
  const waiting = queue.shift();
  if (waiting === undefined) return;
  busy = true;
  const asked = (worker ??= new Worker(new URL("./parse.worker.ts", import.meta.url), { type: "module" }));
  const id = ++last;
  const over = (end: boolean) => {
    clearTimeout(timer);
    asked.removeEventListener("message", onAnswer);
    asked.removeEventListener("error", onError);
    if (end) {
      asked.terminate();
      worker = undefined;
    }
    busy = false;
    next();
  };
  let timer: ReturnType<typeof setTimeout> | undefined; // not before the parser begins: loading it may take longer
  const tooLong = () => {
    waiting.failed(new Error("This Markdown cannot be rendered: parsing takes too long."));
    over(true);
  };
  const onAnswer = ({ data }: MessageEvent<Answer>) => {
    if ("begun" in data) {
      if (data.begun === id) timer = setTimeout(tooLong, patience);
      return;
    }
    if (data.id !== id) return;
    if ("tree" in data) waiting.done(data.tree);
    else waiting.failed(new Error(`This Markdown cannot be rendered: ${data.fault}.`));
    over(false);
  };
  const onError = () => {
    waiting.failed(new Error("This Markdown cannot be rendered: the parser could not be loaded."));
    over(true);
  };
  asked.addEventListener("message", onAnswer);
  asked.addEventListener("error", onError);
  asked.postMessage({ id, text: waiting.text } satisfies Question);
}
