import type { Answer, Question } from "./messages";
import { Parquet } from "./parquet";

// Decompressing may take long, and a malicious file could make it take forever. In a worker it does not block the page, and the page can terminate it.

let file: Promise<Parquet> | undefined;
let needs = 0;
const waiting = new Map<number, (bytes: Uint8Array<ArrayBuffer> | undefined) => void>();

const say = (answer: Answer) => postMessage(answer);

function fetchOfPage(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const id = ++needs;
  return new Promise((done, failed) => {
    waiting.set(id, (bytes) => {
      if (bytes !== undefined) return done(bytes);
      const e = new Error("no bytes");
      e.name = "Fetch";
      failed(e);
    });
    say({ say: "need", id, from, to });
  });
}

async function answer(question: Exclude<Question, { ask: "take" }>): Promise<void> {
  const { id } = question;
  try {
    if (question.ask === "open") {
      file = Parquet.open(question.length, fetchOfPage);
      say({ say: "footer", id, footer: (await file).footer });
      return;
    }
    if (file === undefined) throw new Error("no file is open");
    const opened = await file;
    if (question.ask === "rows") say({ say: "rows", id, rows: await opened.rows(question.group, question.from, question.to, question.columns) });
    else say({ say: "cell", id, cell: await opened.cell(question.group, question.row, question.column) });
  } catch (e) {
    say({ say: "failure", id, words: e instanceof Error ? e.message : String(e), fetch: e instanceof Error && e.name === "Fetch" });
  }
}

onmessage = ({ data }: MessageEvent<Question>) => {
  if (data.ask !== "take") return void answer(data);
  waiting.get(data.id)?.(data.bytes);
  waiting.delete(data.id);
};
