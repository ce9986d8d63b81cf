/**
 * A client of Granary's REST API: projects, datasets, shares, and files under `/api/v1/fs`. Its types, in `schema.d.ts`, are
 * generated from the OpenAPI document, and so is `answers.ts`.
 *
 * ```ts
 * const granary = connect("http://127.0.0.1:9870", token);
 * const { items } = answered(await granary.GET("/api/v1/projects"));
 * ```
 */

import createClient, { type Client, type ClientOptions } from "openapi-fetch";
import { withoutJSON } from "./answers.js";
import type { components, paths } from "./schema.js";

/** The objects that the service receives and returns, by their names in the document. */
export type Schemas = components["schemas"];

/** A failure, as the service reports it. */
export type Problem = Schemas["Problem"];

/** A client of all paths of the document. */
export type Granary = Client<paths>;

/**
 * Returns a client of the service at an origin, such as `https://granary.example.org`, that sends a token with each request.
 * It does not send anything itself: a wrong origin or token shows in the first answer. In a browser whose session is a cookie, omit
 * the token: a header then proves that changes come from a page of the service.
 *
 * A request throws {@link Failed} for an answer that looks like a success but is not the service's, such as a proxy's sign-in page.
 * Redirects are not followed, as the API has none: a proxy's redirect would turn a PUT, a POST or a DELETE into a GET, whose answer
 * looks like success. With `redirect: "follow"` in options they are followed. It throws a TypeError, and sends nothing, for a name
 * that is empty, "." or "..": in a URL these are not names, and lead to another operation.
 */
export function connect(origin: string, token?: string, options: ClientOptions = {}): Granary {
  const headers = new Headers(options.headers as RequestInit["headers"]);
  if (token === undefined) {
    headers.set("X-XSRF-HEADER", "granary");
  } else if (!headers.has("Authorization")) {
    const bare = token.trim(); // a file ends its line
    if (!/^[\x21-\x7e]*$/.test(bare)) { // Headers would refuse it, too, with a message that holds it
      throw new TypeError("the token holds a line break, or another character that no header can hold");
    }
    headers.set("Authorization", `Bearer ${bare}`);
  }
  const client = createClient<paths>({ redirect: "manual", ...options, baseUrl: origin, headers });
  client.use({
    onRequest({ params }) {
      for (const [name, value] of Object.entries(params.path ?? {})) {
        if (["", ".", ".."].includes(String(value))) {
          throw new TypeError(`${name} is ${JSON.stringify(value)}, which is no name that an address can hold`);
        }
      }
    },
    onResponse({ request, response, schemaPath }) {
      if (response.ok && (isPage(response) || lacksJSON(request.method, schemaPath, response))) {
        throw new Failed(problemOf({ response }));
      }
    },
  });
  return client;
}

/** Whether an answer is a page for a browser: no answer of the API is one, and files never have this type. */
function isPage(response: Response): boolean {
  return /^text\/html\b/i.test(response.headers.get("Content-Type") ?? "");
}

/** Whether an operation answers with JSON, but this answer has none. */
function lacksJSON(method: string, path: string, { headers }: Response): boolean {
  if (method === "HEAD" || withoutJSON.has(`${method} ${path}`)) {
    return false;
  }
  return !headers.get("Content-Type")?.includes("json") || headers.get("Content-Length") === "0";
}

/** A failure, with the status and the message of the service. */
export class Failed extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = "Failed";
  }
}

/** The service's own problem, or one made up for an answer that came from something in front of it, such as a proxy. */
function problemOf({ error, response }: { error?: Problem; response: Response }): Problem {
  const said: Partial<Problem> = typeof error === "object" ? error : {};
  const { status } = response;
  const detail =
    status >= 400
      ? `The answer has the status ${status} and says nothing more.`
      : // A browser hides the status of a redirect, and says 0.
        `The answer ${status === 0 ? "is a redirect" : `has the status ${status}`} and is not the service's: is there a proxy before it, or a page to sign in?`;
  const unknown = { type: "about:blank", title: response.statusText || "Failed", status, detail };
  return { ...unknown, ...said } as Problem;
}

/**
 * Returns the data of an answer, undefined if the operation has none; throws {@link Failed} for a failure. 304, for a state that
 * `If-None-Match` names, is not a failure, and has no data: `answer.response.status` distinguishes it from an empty file.
 */
export function answered<T>(answer: { data?: T; error?: Problem; response: Response }): T {
  if (!answer.response.ok && answer.response.status !== 304) {
    throw new Failed(problemOf(answer));
  }
  return answer.data as T;
}

/**
 * Options for a request whose body is the content of a file, such as `create`: it is sent as it is, not as JSON. The
 * body may be anything that `fetch` takes, such as a `Blob` or a `Uint8Array`; a stream also needs `duplex: "half"`. For the parts
 * of an upload, use {@link asPart}.
 */
export const asBytes = {
  bodySerializer: (body: unknown) => body as NonNullable<RequestInit["body"]>,
  headers: { "Content-Type": "application/octet-stream" },
} as const;

/** The same as {@link asBytes} for a part of an upload, `PATCH /api/v1/uploads/{upload}`. */
export const asPart = {
  ...asBytes,
  headers: { "Content-Type": "application/offset+octet-stream" },
} as const;

/**
 * Options for a request whose answer is the content of a file, such as `open`, or an archive, and not JSON.
 * {@link contentOf} takes the answer.
 *
 * ```ts
 * const content = contentOf(await granary.GET("/api/v1/fs/open", { params: { query: { path } }, ...asContent }));
 * const bytes = new Uint8Array(await content.arrayBuffer());
 * ```
 *
 * For long content, use `parseAs: "stream"` instead, and {@link streamOf}.
 */
export const asContent = { parseAs: "blob" } as const;

/**
 * Returns the content of a file from the answer to a request with {@link asContent}; for an empty file and for 304, an empty `Blob`,
 * where {@link answered} returns undefined. Throws {@link Failed} for a failure.
 */
export function contentOf(answer: { data?: Blob; error?: Problem; response: Response }): Blob {
  return answered<Blob | undefined>(answer) ?? new Blob([]);
}

/**
 * Returns the content of a file, as it comes, from the answer to a request with `parseAs: "stream"`; for an empty file and for 304, an
 * empty stream, where {@link answered} returns undefined. Throws {@link Failed} for a failure.
 */
export function streamOf(answer: { data?: Response["body"]; error?: Problem; response: Response }): ReadableStream<Uint8Array> {
  return answered<Response["body"] | undefined>(answer) ?? new Blob([]).stream();
}
