import { ApiError, problem, sessionEnded } from "../api/client";
import { downloadAddress } from "../listing/actions";
import type { Path } from "../path";

/** A part of a file. */
export interface Part {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where it begins. */
  from: number;
  /** The length of the whole file, in the state that the part is of. */
  total: number;
  /** That state; a further part can be asked of the same one. */
  etag: string;
}

/** Which state of a file is wanted, and until when. */
export interface Wanted {
  signal?: AbortSignal | undefined;
  /** Of a part that was read before: the file must not have changed since. */
  etag?: string | undefined;
}

const changed = "The file changed while it was read. Read it again to see how it is now.";
const noAnswer = "The server does not answer. Check the connection; the file may be looked at when it is back.";

/** Reads length bytes of a file from a place on, fewer where it ends before. It throws an ApiError, in words, for every failure. */
export async function readPart(path: Path, from: number, length: number, wanted: Wanted = {}): Promise<Part> {
  return receive(path, `bytes=${from}-${from + length - 1}`, wanted);
}

/** Reads the last length bytes of a file, or all of one that is shorter. */
export async function readEnd(path: Path, length: number, wanted: Wanted = {}): Promise<Part> {
  return receive(path, `bytes=-${length}`, wanted);
}

async function receive(path: Path, range: string, { signal, etag }: Wanted): Promise<Part> {
  let answer: Response;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    answer = await fetch(downloadAddress(path), {
      headers: { Range: range, ...(etag === undefined ? {} : { "If-Match": etag }) },
      signal: signal ?? null,
      cache: "no-store", // parts of large files would push everything else out
    });
    if (!answer.ok) throw await refusal(answer);
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch (e) {
    if (e instanceof ApiError || (e instanceof DOMException && e.name === "AbortError")) throw e;
    throw new ApiError(0, noAnswer);
  }
  const [, first = "0", total = String(bytes.length)] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get("Content-Range") ?? "") ?? [];
  return { bytes, from: Number(first), total: Number(total), etag: answer.headers.get("ETag") ?? "" };
}

async function refusal(answer: Response): Promise<ApiError> {
  if (answer.status === 401) sessionEnded.dispatchEvent(new Event("ended"));
  const said = problem(answer.status, await answer.json().catch(() => undefined), answer.headers.get("Retry-After"));
  return answer.status === 412 || answer.status === 416 ? new ApiError(answer.status, changed, said.exception, said.requestId) : said;
}

/** Several parts as one; of one alone, that. */
export function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [one] = parts;
  if (parts.length === 1 && one !== undefined) return one;
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
