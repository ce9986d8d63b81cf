import type { Footer } from "./footer";

/** Messages of the page to the worker that reads a Parquet file. The answer to a question has the same id. */
export type Question =
  | { ask: "open"; id: number; length: number }
  | { ask: "rows"; id: number; group: number; from: number; to: number; columns: readonly number[] }
  | { ask: "cell"; id: number; group: number; row: number; column: number }
  /** The answer to a question of the worker. */
  | { ask: "take"; id: number; bytes: Uint8Array<ArrayBuffer> | undefined };

/** Messages of the worker to the page. */
export type Answer =
  | { say: "footer"; id: number; footer: Footer }
  | { say: "rows"; id: number; rows: (string | null)[][] }
  | { say: "cell"; id: number; cell: string | null }
  | { say: "failure"; id: number; words: string; fetch: boolean }
  /** A question of the worker, for bytes of the file. */
  | { say: "need"; id: number; from: number; to: number };
