import type { Path } from "../path";
import type { Journal } from "./journal";
import type { there } from "./there";

/**
 * The state of an upload. In "looked for", its name is being looked up on the server; in "waiting", it waits for its turn or the connection; in "conflict",
 * its name is taken and the user has to choose; in "failed", the server has refused it.
 */
export type UploadState = "looked for" | "waiting" | "sending" | "conflict" | "paused" | "done" | "failed" | "skipped";

/** A file on its way to the server. */
export interface Upload {
  readonly id: number;
  /** The same for all files that were added together, to which a choice for all conflicts applies. */
  readonly group: number;
  readonly file: File;
  /** Its destination. */
  readonly path: Path;
  readonly state: UploadState;
  /** Bytes that are sent. */
  readonly sent: number;
  /** Why it failed, in words; "" otherwise. */
  readonly fault: string;
  /** Whether it replaces an existing file. */
  readonly replace: boolean;
  /** Whether it must be sent in a request of its own. */
  readonly alone: boolean;
}

/**
 * The server's answer: the status, 0 if there was none; the body, undefined if it was not JSON; the ETag of the new file, if the answer has it; and the
 * seconds to wait before a retry, if it asks for that.
 */
export interface Answer {
  status: number;
  body: unknown;
  etag?: string;
  retryAfter?: number;
}

/** Sends one file. It calls progress with the bytes sent so far. If signal is aborted with "removed", the upload is ended on the server, too. */
export type Send = (upload: Upload, progress: (sent: number) => void, signal: AbortSignal) => Promise<Answer>;

/** Sends many files together. It calls progress with the fraction that was sent, and returns an answer for each. */
export type SendMany = (uploads: readonly Upload[], progress: (part: number) => void, signal: AbortSignal) => Promise<Answer[]>;

/** The optional operations of the queue. */
export interface Ways {
  /** null to send each file on its own. */
  sendMany: SendMany | null;
  /** Looks up which of many paths are taken before anything is sent; null to skip that. */
  look: typeof there | null;
  /** Whether the existing file is identical to that of an upload; throws if the server is not available now. */
  same: (upload: Upload) => Promise<boolean>;
  /** The ETag of the file at an upload's path, if there is one; throws if the server is not available now. */
  etag: (upload: Upload) => Promise<string | undefined>;
  /** Removes the stored state of an upload that is complete. */
  forget: (upload: Upload) => Promise<void>;
  /** Ends an upload on the server that will not be continued. */
  end: (upload: Upload) => Promise<void>;
  /** What is remembered across reloads of the page. */
  journal: Journal;
}
