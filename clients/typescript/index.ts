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

/** The objects that the service takes and gives, by their names in the document. */
export type Schemas = components["schemas"];

/** What the service answers where it does not do what was asked. */
export type Problem = Schemas["Problem"];

/** A client of all paths of the document. */
export type Granary = Client<paths>;

/**
 * Returns a client of the service at an origin, such as `https://granary.example.org`, that shows a token with each request.
 * It sends nothing: a wrong origin or token shows in the first answer. In a browser whose session is a cookie, leave the
 * token away: changes then show by a header that they come from a page of the service.
 *
 * A request throws {@link Failed} for what is answered as a success and is not the service's, such as a proxy's page to sign in.
 * No redirect is followed, as the API has none: one of a proxy would turn a PUT, a POST or a DELETE into a GET, whose answer
 * looks like success. With `redirect: "follow"` in options they are followed. It throws a TypeError, and sends nothing, for a name
 * that is empty, "." or "..": in an address these are no names, and lead to another operation.
 */
export function connect(origin: string, token?: string, options: ClientOptions = {}): Granary {
  const headers = new Headers(options.headers as HeadersInit | undefined);
  if (token === undefined) {
    headers.set("X-XSRF-HEADER", "granary");
  } else if (!headers.has("Authorization")) {
    headers.set("Authorization", `Bearer ${token}`);
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

/** Whether an answer is for a browser: nothing of the API is, and files are never called that. */
function isPage(response: Response): boolean {
  return /^text\/html\b/i.test(response.headers.get("Content-Type") ?? "");
}

/** Whether an operation answers with JSON, and this answer has none. */
function lacksJSON(method: string, path: string, { headers }: Response): boolean {
  if (method === "HEAD" || withoutJSON.has(`${method} ${path}`)) {
    return false;
  }
  return !headers.get("Content-Type")?.includes("json") || headers.get("Content-Length") === "0";
}

/** A failure, with the status and the words of the service. */
export class Failed extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = "Failed";
  }
}

/** What the service said, or what can be said of an answer that came from something before it, such as a proxy. */
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
 * Returns the data of an answer, undefined where an operation has none; throws {@link Failed} for a failure. 304, for what
 * `If-None-Match` names, is none, and has no data: `answer.response.status` tells it from an empty file.
 */
export function answered<T>(answer: { data?: T; error?: Problem; response: Response }): T {
  if (!answer.response.ok && answer.response.status !== 304) {
    throw new Failed(problemOf(answer));
  }
  return answer.data as T;
}

/**
 * Settings for a request whose body is the content of a file, such as `create`: it goes out as it is, and not as JSON. The
 * body may be whatever `fetch` takes, such as a `Blob` or a `Uint8Array`; a stream needs `duplex: "half"` beside it. For the parts
 * of an upload there is {@link asPart}.
 */
export const asBytes = {
  bodySerializer: (body: unknown) => body as BodyInit,
  headers: { "Content-Type": "application/octet-stream" },
} as const;

/** The same as {@link asBytes} for a request whose body is a part of an upload, such as `PATCH /api/v1/uploads/{upload}`. */
export const asPart = {
  ...asBytes,
  headers: { "Content-Type": "application/offset+octet-stream" },
} as const;

/**
 * Settings for a request whose answer is the content of a file, such as `open`, or an archive: it is no JSON.
 * {@link contentOf} takes it.
 *
 * ```ts
 * const content = contentOf(await granary.GET("/api/v1/fs/open", { params: { query: { path } }, ...asContent }));
 * const bytes = new Uint8Array(await content.arrayBuffer());
 * ```
 *
 * What is long comes as a stream with `parseAs: "stream"` instead, which {@link answered} takes.
 */
export const asContent = { parseAs: "blob" } as const;

/**
 * Returns the content of a file that was answered to a request with {@link asContent}; of an empty one, and of 304, no bytes,
 * where {@link answered} has undefined. Throws {@link Failed} for a failure.
 */
export function contentOf(answer: { data?: Blob; error?: Problem; response: Response }): Blob {
  return answered<Blob | undefined>(answer) ?? new Blob([]);
}
