import type { Path } from "../path";
import type { Journal } from "./journal";
import type { there } from "./there";

/**
 * How an upload stands. looked for: whether its name is taken is being asked; waiting: for its turn, or for the connection; conflict: there is something of that name, and somebody has to choose;
 * failed: the server refused it, and says why.
 */
export type UploadState = "looked for" | "waiting" | "sending" | "conflict" | "paused" | "done" | "failed" | "skipped";

/** A file on its way to the server. */
export interface Upload {
  readonly id: number;
  /** What was added together: what somebody chooses for all holds for these. */
  readonly group: number;
  readonly file: File;
  /** Where it goes. */
  readonly path: Path;
  readonly state: UploadState;
  /** Bytes that are with the server. */
  readonly sent: number;
  /** Why it failed, in words; "" otherwise. */
  readonly fault: string;
  /** What is there already is replaced. */
  readonly replace: boolean;
  /** It is sent by itself. */
  readonly alone: boolean;
}

/**
 * What the server answered: a status, 0 where no answer came, a body, undefined where that was not JSON, the ETag of what was made, where it was told, and after how
 * many seconds to try again, where it asked for that.
 */
export interface Answer {
  status: number;
  body: unknown;
  etag?: string;
  retryAfter?: number;
}

/** Sends one file. It calls progress with the bytes that were sent so far. A signal that is aborted with "removed" ends the upload for good. */
export type Send = (upload: Upload, progress: (sent: number) => void, signal: AbortSignal) => Promise<Answer>;

/** Sends many files together. It calls progress with the part that was sent, 0 to 1, and answers for each. */
export type SendMany = (uploads: readonly Upload[], progress: (part: number) => void, signal: AbortSignal) => Promise<Answer[]>;

/** How uploads are helped. */
export interface Ways {
  /** null: each is sent by itself. */
  sendMany: SendMany | null;
  /** Says which of some paths are taken, so that not all of many files is sent before that is told; null: nobody looks. */
  look: typeof there | null;
  /** Whether what is there is just the file of an upload; it throws if that cannot be asked now. */
  same: (upload: Upload) => Promise<boolean>;
  /** The ETag of the file that is at the path of an upload, undefined where there is none; it throws if that cannot be asked now. */
  etag: (upload: Upload) => Promise<string | undefined>;
  /** Forgets how to go on with an upload that is complete. */
  forget: (upload: Upload) => Promise<void>;
  /** Ends what has come of an upload that is not gone on with. */
  end: (upload: Upload) => Promise<void>;
  /** What is remembered when the page is loaded again. */
  journal: Journal;
}
