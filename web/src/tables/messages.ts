import type { Footer } from "./footer";

/** What the page asks of the worker that reads a Parquet file. Each question has a number, which its answer repeats. */
export type Question =
  | { ask: "open"; id: number; length: number }
  | { ask: "rows"; id: number; group: number; from: number; to: number; columns: readonly number[] }
  | { ask: "cell"; id: number; group: number; row: number; column: number }
  /** Not a question, but the answer to one of the worker's. */
  | { ask: "take"; id: number; bytes: Uint8Array<ArrayBuffer> | undefined };

/** What the worker says. */
export type Answer =
  | { say: "footer"; id: number; footer: Footer }
  | { say: "rows"; id: number; rows: (string | null)[][] }
  | { say: "cell"; id: number; cell: string | null }
  | { say: "failure"; id: number; words: string; fetch: boolean }
  /** A question of its own: bytes of the file. */
  | { say: "need"; id: number; from: number; to: number };
