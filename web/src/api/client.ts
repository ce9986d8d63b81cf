import createClient from "openapi-fetch";
import type { components, paths } from "../../../clients/typescript/schema";

/** A file or directory in a listing. Times are in milliseconds since 1970, 0 where there is none; length is in bytes. */
export type FileStatus = components["schemas"]["FileStatus"];
export type Project = components["schemas"]["Project"];
export type Dataset = components["schemas"]["Dataset"];
export type Share = components["schemas"]["Share"];
export type Me = components["schemas"]["Me"];
type Problem = components["schemas"]["Problem"];

/** A failure that the server, or the way to it, answered with. Its message is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status; 0: no answer came. */
  readonly status: number;
  /** What HDFS calls it, such as AccessControlException; "" where it has no name. */
  readonly exception: string;
  /** Names the request in the server's log; "" without an answer. */
  readonly requestId: string;
  /** With 429 and 503: after how many seconds to try again; 0: nobody said. */
  readonly retryAfter: number;

  constructor(status: number, message: string, exception = "", requestId = "", retryAfter = 0) {
    super(message);
    this.status = status;
    this.exception = exception;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** Changes by who is signed in with a cookie need this header (server/session.go). */
export const forgeryHeader = { "X-XSRF-HEADER": "granary" } as const;

/** The server's operations, as openapi.yaml describes them. */
export const api = createClient<paths>({ baseUrl: "/", headers: forgeryHeader });

/** What is said where no answer came. */
export const noAnswer = "The server does not answer. Check the connection; what you see may be out of date.";

/** Makes an error of a failed answer. body is what it said, parsed or not. */
export function problem(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const said = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError(
    status,
    said.detail ?? said.title ?? `The server answered with status ${status}.`,
    said.exception ?? "",
    said.requestId ?? "",
    secondsOf(retryAfter),
  );
}

/** The seconds of a Retry-After header; 0 where there is none, and for a date, which our server does not send. */
export function secondsOf(retryAfter: string | null | undefined): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) ? seconds : 0;
}

/** Whether what failed with this status may succeed later, with nothing changed; 0: no answer came. */
export function retriable(status: number): boolean {
  return [0, 401, 429, 502, 503, 504].includes(status);
}

/** Tells everybody who listens that the session has ended. */
export const sessionEnded = new EventTarget();

/**
 * Waits for an answer and returns what it holds. It throws an ApiError for every failure, and tells sessionEnded when the
 * server does not know who asks any more.
 */
export async function ask<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let answer;
  try {
    answer = await request;
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") throw e;
    throw new ApiError(0, noAnswer);
  }
  const { data, error, response } = answer;
  if (response.ok) return data as T;
  const failure = problem(response.status, error, response.headers.get("Retry-After"));
  if (failure.status === 401) sessionEnded.dispatchEvent(new Event("ended"));
  throw failure;
}

/** What went wrong, in words; for whatever was thrown. */
export function wordsFor(e: unknown): string {
  if (e instanceof Error) return e.message;
  return String(e);
}
