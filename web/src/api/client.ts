import createClient from "openapi-fetch";
import type { components, paths } from "../../../clients/typescript/schema";

/** A file or directory in a listing. Times are in milliseconds since 1970, 0 where there is none; length is in bytes. */
export type FileStatus = components["schemas"]["FileStatus"];
export type Project = components["schemas"]["Project"];
export type Dataset = components["schemas"]["Dataset"];
export type Share = components["schemas"]["Share"];
export type Me = components["schemas"]["Me"];
type Problem = components["schemas"]["Problem"];

/** An error answer, or no answer. Its message is for users. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** The name of HDFS's exception, such as AccessControlException, or "". */
  readonly exception: string;
  /** The request's id in the server's log; "" without an answer. */
  readonly requestId: string;
  /** Seconds to wait before a retry, with 429 and 503; 0 if the answer does not say. */
  readonly retryAfter: number;

  constructor(status: number, message: string, exception = "", requestId = "", retryAfter = 0) {
    super(message);
    this.status = status;
    this.exception = exception;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** The server requires this header for changes that are authenticated by the session cookie (server/session.go). */
export const forgeryHeader = { "X-XSRF-HEADER": "granary" } as const;

/** The server's operations, as openapi.yaml describes them. */
export const api = createClient<paths>({ baseUrl: "/", headers: forgeryHeader });

/** The message if there was no answer. */
export const noAnswer = "The server does not respond. Check your connection. What you see may be out of date.";

/** Makes an error of an error answer, whose body may or may not have been parsed. */
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

/** The seconds of a Retry-After header; 0 if there is none, and for dates, which our server does not send. */
export function secondsOf(retryAfter: string | null | undefined): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) ? seconds : 0;
}

/** Whether a request that failed with this status may succeed later without a change. 0 stands for no answer. */
export function retriable(status: number): boolean {
  return [0, 401, 429, 502, 503, 504].includes(status);
}

/** Dispatches "ended" when the session has ended. */
export const sessionEnded = new EventTarget();

/**
 * Waits for an answer and returns its data. It throws an ApiError for every failure, and notifies sessionEnded when the
 * server no longer accepts the session.
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

/** The message of an error, or of anything else that was thrown. */
export function wordsFor(e: unknown): string {
  if (e instanceof Error) return e.message;
  return String(e);
}
