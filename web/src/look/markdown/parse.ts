import type { Root } from "hast";
import type { Answer, Question } from "./parse.worker";

const patience = 4_000; // milliseconds; there are texts of a few kilobytes that take minutes

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
 * Makes a tree of Markdown, in a worker that is ended when it takes too long: the parser's time grows with the square of what some texts hold, and would
 * hang the tab. Texts are taken one after the other. It throws, in words, for what is not shown.
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
  const onAnswer = ({ data }: MessageEvent<Answer>) => {
    if (data.id !== id) return;
    if ("tree" in data) waiting.done(data.tree);
    else waiting.failed(new Error(`This Markdown is not rendered: ${data.fault}.`));
    over(false);
  };
  const onError = () => {
    waiting.failed(new Error("This Markdown is not rendered: what reads it could not be loaded."));
    over(true);
  };
  const timer = setTimeout(() => {
    waiting.failed(new Error("This Markdown is not rendered: it takes too long to read."));
    over(true);
  }, patience);
  asked.addEventListener("message", onAnswer);
  asked.addEventListener("error", onError);
  asked.postMessage({ id, text: waiting.text } satisfies Question);
}
