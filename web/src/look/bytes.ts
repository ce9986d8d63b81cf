import { ApiError, problem, sessionEnded } from "../api/client";
import { downloadAddress } from "../listing/actions";
import type { Path } from "../path";

/** A part of a file. */
export interface Part {
  bytes: Uint8Array<ArrayBuffer>;
  /** The offset of the first byte. */
  from: number;
  /** The length of the whole file, in the same state. */
  total: number;
  /** The state of the file, so that further parts of the same state can be read. */
  etag: string;
}

/** Options for reading a part of a file. */
export interface Wanted {
  signal?: AbortSignal | undefined;
  /** The ETag of an earlier part: it fails if the file has changed since. */
  etag?: string | undefined;
}

const changed = "The file changed while it was being read. Reload it to see the current version.";
const noAnswer = "The server does not respond. Check your connection and try again.";

/** Reads length bytes of a file from an offset, or fewer at its end. It throws an ApiError with a message for every failure. */
export async function readPart(path: Path, from: number, length: number, wanted: Wanted = {}): Promise<Part> {
  return receive(path, `bytes=${from}-${from + length - 1}`, wanted);
}

/** Reads the last length bytes of a file, or all of a shorter one. */
export async function readEnd(path: Path, length: number, wanted: Wanted = {}): Promise<Part> {
  return receive(path, `bytes=-${length}`, wanted);
}

/** Reads all of what is at an address. It throws an ApiError with a message for every failure. */
export async function readAll(address: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  return (await ask(address, {}, signal)).bytes;
}

async function ask(address: string, headers: Record<string, string>, signal: AbortSignal | undefined): Promise<{ answer: Response; bytes: Uint8Array<ArrayBuffer> }> {
  try {
    const answer = await fetch(address, { headers, signal: signal ?? null, cache: "no-store" /* parts of large files would evict everything else */ });
    if (!answer.ok) throw await refusal(answer);
    return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
  } catch (e) {
    if (e instanceof ApiError || (e instanceof DOMException && e.name === "AbortError")) throw e;
    throw new ApiError(0, noAnswer);
  }
}

async function receive(path: Path, range: string, { signal, etag }: Wanted): Promise<Part> {
  const { answer, bytes } = await ask(downloadAddress(path), { Range: range, ...(etag === undefined ? {} : { "If-Match": etag }) }, signal);
  const [, first = "0", total = String(bytes.length)] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get("Content-Range") ?? "") ?? [];
  return { bytes, from: Number(first), total: Number(total), etag: answer.headers.get("ETag") ?? "" };
}

async function refusal(answer: Response): Promise<ApiError> {
  if (answer.status === 401) sessionEnded.dispatchEvent(new Event("ended"));
  const said = problem(answer.status, await answer.json().catch(() => undefined), answer.headers.get("Retry-After"));
  return fileChanged(said) ? new ApiError(answer.status, changed, said.exception, said.requestId) : said;
}

/** Whether a part could not be read since the file is in another state by now than earlier parts were of. */
export function fileChanged({ status }: ApiError): boolean {
  return status === 412 || status === 416;
}

/** Concatenates parts. A single one is returned without copying. */
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
