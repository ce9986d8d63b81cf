import { api, ApiError, ask, forgeryHeader, problem, retriable, secondsOf } from "../api/client";
import { readStatus } from "../listing/status";
import { namesOf } from "../path";
import { archive } from "./archive";
import type { Answer, Send, SendMany, Upload } from "./upload";

/** The bytes of a part of a long file, which is the most that a broken connection costs. */
export const partSize = 8 << 20;

const condition = (upload: Upload): Record<string, string> => (upload.replace ? {} : { "If-None-Match": "*" });

/** Sends a request with a body and reports progress, which fetch cannot. */
function request(method: string, address: string, headers: Record<string, string>, body: Blob, progress: (sent: number) => void, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const r = new XMLHttpRequest();
    r.open(method, address);
    for (const [name, value] of Object.entries({ ...forgeryHeader, ...headers })) r.setRequestHeader(name, value);
    r.upload.onprogress = (e) => progress(e.loaded);
    r.onloadend = () => resolve({ status: r.status, body: parsed(r.responseText), ...etagOf(r.getResponseHeader("ETag")), retryAfter: secondsOf(r.getResponseHeader("Retry-After")) });
    signal.addEventListener("abort", () => r.abort());
    r.send(body);
  });
}

const etagOf = (etag: string | null | undefined): { etag?: string } => (etag ? { etag } : {});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not our server's
  }
}

/** Sends a file: a short one in one request, a long one in parts, which can be continued even after the page is reloaded. */
export const sendFile: Send = (upload, progress, signal) => {
  if (upload.file.size > partSize) return sendParts(upload, progress, signal);
  const query = new URLSearchParams({ path: upload.path, createparent: "true", overwrite: String(upload.replace) });
  const headers = { "Content-Type": "application/octet-stream", ...condition(upload) };
  return request("PUT", `/api/v1/fs/create?${query.toString()}`, headers, upload.file, progress, signal);
};

/** Identifies a file and its destination, across reloads of the page. */
const fingerprintOf = ({ path, file }: Upload) => ["granary", path, file.size, file.lastModified].join("\n");

// Asking about a complete upload may make the server create its file. It replaces nothing, unless If-Match says that there is something to replace: see
// Upload in the namespace.
const looking = (upload: Upload): Record<string, string> => (upload.replace ? { "If-Match": "*" } : condition(upload));

/**
 * Whether an upload in parts that this browser began is complete and its file still exists, since the answer to its last part may have been lost.
 * It throws if the server is not available now.
 */
export async function partsAreThere(upload: Upload): Promise<boolean> {
  const tus = await import("tus-js-client");
  for (const before of (await tus.defaultOptions.urlStorage?.findUploadsByFingerprint(fingerprintOf(upload))) ?? []) {
    const id = before.uploadUrl?.split("/").at(-1);
    if (id === undefined) continue;
    try {
      // If all parts have arrived, this request makes the server create the file, unless the condition fails.
      if (!(await ask(api.GET("/api/v1/uploads/{upload}", { params: { path: { upload: id } }, headers: looking(upload) }))).done) continue;
      const found = await readStatus(upload.path);
      if (found.type === "FILE" && found.length === upload.file.size) return true;
    } catch (e) {
      if (!(e instanceof ApiError) || retriable(e.status)) throw e;
      // It was ended, or its file may not be replaced: sending will report that.
    }
  }
  return false;
}

/** Removes the stored state of an upload in parts that is complete. */
export async function forgetParts(upload: Upload): Promise<void> {
  if (upload.file.size <= partSize) return;
  const { defaultOptions } = await import("tus-js-client");
  for (const before of (await defaultOptions.urlStorage?.findUploadsByFingerprint(fingerprintOf(upload))) ?? []) {
    await defaultOptions.urlStorage?.removeUpload(before.urlStorageKey);
  }
}

/** Ends an upload in parts that will not be continued. Its parts would count against quotas for a day. */
export async function endParts(upload: Upload): Promise<void> {
  if (upload.file.size <= partSize) return;
  const { defaultOptions } = await import("tus-js-client");
  for (const before of (await defaultOptions.urlStorage?.findUploadsByFingerprint(fingerprintOf(upload))) ?? []) {
    const id = before.uploadUrl?.split("/").at(-1);
    if (id !== undefined) await api.DELETE("/api/v1/uploads/{upload}", { params: { path: { upload: id } } });
    await defaultOptions.urlStorage?.removeUpload(before.urlStorageKey);
  }
}

const none: Answer = { status: 0, body: undefined };

/**
 * Whether an upload in parts is no longer at an offset: a part whose answer was lost, or that was paused, may arrive when the next attempt has already asked
 * how far the upload is. Then it goes on from where it is.
 */
async function hasMoved(upload: Upload, address: string | null, from: number): Promise<boolean> {
  const id = address?.split("/").at(-1);
  if (id === undefined) return false;
  try {
    const { offset } = await ask(api.GET("/api/v1/uploads/{upload}", { params: { path: { upload: id } }, headers: looking(upload) }));
    return offset !== from;
  } catch (e) {
    return e instanceof ApiError && (e.status === 412 || retriable(e.status)); // 412: it is complete, and the name is taken
  }
}

const sendParts: Send = async (upload, progress, signal) => {
  const tus = await import("tus-js-client");
  const { path, file } = upload;
  if (await partsAreThere(upload)) return { status: 201, body: undefined };
  const before = (await tus.defaultOptions.urlStorage?.findUploadsByFingerprint(fingerprintOf(upload)))?.at(-1);
  if (signal.aborted) {
    if (signal.reason === "removed") await endParts(upload);
    return none;
  }
  return new Promise((resolve) => {
    const sending = new tus.Upload(file, {
      endpoint: `/api/v1/uploads?${new URLSearchParams({ path }).toString()}`,
      chunkSize: partSize,
      headers: { ...forgeryHeader, ...condition(upload) },
      retryDelays: null, // the queue retries
      removeFingerprintOnSuccess: false, // forgetParts does, later
      fingerprint: () => Promise.resolve(fingerprintOf(upload)),
      // A new upload is only begun if the old one is gone or not ours. tus would begin one after any refusal, even a passing one, and send everything again.
      onAfterResponse: (asked, answer) => {
        const status = answer.getStatus();
        if (asked.getMethod() === "HEAD" && (status < 200 || status >= 300) && ![403, 404, 410].includes(status)) throw problem(status, undefined, answer.getHeader("Retry-After"));
      },
      onProgress: (sent) => progress(sent),
      onSuccess: ({ lastResponse }) => resolve({ status: 201, body: undefined, ...etagOf(lastResponse.getHeader("ETag")) }),
      onError: (e) => {
        const [asked, answer, cause] = e instanceof tus.DetailedError ? [e.originalRequest, e.originalResponse, e.causingError] : [null, null, null];
        const { status, retryAfter } = cause instanceof ApiError ? cause : { status: answer?.getStatus() ?? 0, retryAfter: secondsOf(answer?.getHeader("Retry-After")) };
        const refused = { status, body: parsed(answer?.getBody() ?? ""), retryAfter };
        if (status !== 409 || asked?.getMethod() !== "PATCH") resolve(refused);
        else void hasMoved(upload, sending.url, Number(asked.getHeader("Upload-Offset"))).then((moved) => resolve(moved ? none : refused));
      },
    });
    signal.addEventListener("abort", () => {
      void sending.abort(signal.reason === "removed").finally(() => resolve(none));
    });
    if (before !== undefined) sending.resumeFromPreviousUpload(before);
    sending.start();
  });
};

interface Written {
  members?: { status: number; etag?: string; problem?: unknown }[];
  problem?: { status?: number };
}

/** Sends many small files in one request. Each has its own answer; existing files are refused. */
export const sendMany: SendMany = async (all, progress, signal) => {
  const files = all.map((u) => ({ name: namesOf(u.path).join("/"), content: u.file }));
  const query = new URLSearchParams({ path: "/", overwrite: "false", permission: "644" });
  const packed = archive(files);
  const answer = await request("POST", `/api/v1/fs/batch-write?${query.toString()}`, { "Content-Type": "application/x-tar" }, packed, (sent) => progress(sent / packed.size), signal);
  const members = (answer.body as Written | undefined)?.members;
  if (members === undefined) return all.map(() => answer);
  // If the archive was cut off, the answer lacks the files after that point, which are tried again.
  return all.map((_, i) => {
    const member = members[i];
    return member === undefined ? { status: 0, body: undefined } : { status: member.status, body: member.problem, ...etagOf(member.etag) };
  });
};

