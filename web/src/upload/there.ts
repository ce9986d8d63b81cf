import { api, ApiError, ask, problem, retriable, type FileStatus } from "../api/client";
import { readStatus } from "../listing/status";
import { join, nameOf, parentOf, within, type Path } from "../path";
import type { Upload } from "./upload";
import { partsAreThere } from "./send";

const atOnce = 4; // directories that are listed at a time
const page = 1000; // entries per page of the server
const asked = 4; // names in a long directory that are requested at a time
const compared = 8 << 20; // bytes of the largest file that is read back for a comparison

/**
 * Those of some paths below dir that exist, with the lengths of files in bytes; directories have no length. It lists dir and those directories below it
 * that lead to the paths. In a long directory it requests each name instead, if that takes fewer requests. Directories that cannot be listed count as
 * empty.
 */
export async function there(dir: Path, paths: readonly Path[]): Promise<Map<Path, number | undefined>> {
  const wanted = new Set(paths);
  const leads = new Map<Path, Set<string>>(); // for each directory, the names in it that are or lead to wanted paths
  for (const path of paths) {
    for (let at = path; at !== dir && within(at, dir); at = parentOf(at)) {
      const names = leads.get(parentOf(at));
      leads.set(parentOf(at), (names ?? new Set<string>()).add(nameOf(at)));
      if (names !== undefined) break; // the directories above are already known
    }
  }
  const found = new Map<Path, number | undefined>();
  const left = [dir];
  let looking = 0;
  const work = async (): Promise<void> => {
    const next = left.shift();
    if (next === undefined) return;
    looking++;
    for await (const entry of entriesOf(next, leads.get(next) ?? new Set())) {
      const path = join(next, entry.pathSuffix);
      if (wanted.has(path)) found.set(path, entry.type === "FILE" ? entry.length : undefined);
      if (entry.type === "DIRECTORY" && leads.has(path)) left.push(path);
    }
    looking--;
    await Promise.all(Array.from({ length: Math.min(left.length, atOnce - looking) }, work));
  };
  await work();
  return found;
}

/** Entries of a directory that include all that have one of some names. */
async function* entriesOf(dir: Path, names: ReadonlySet<string>): AsyncGenerator<FileStatus> {
  for (let after = ""; ; ) {
    let listing;
    try {
      listing = (await ask(api.GET("/api/v1/fs/list-status-batch", { params: { query: after === "" ? { path: dir } : { path: dir, startafter: after } } }))).DirectoryListing;
    } catch (e) {
      if (isRefusal(e)) return; // the upload will get its own answer
      throw e;
    }
    const entries = listing.partialListing.FileStatuses.FileStatus;
    yield* entries;
    const last = entries.at(-1);
    if (listing.remainingEntries === 0 || last === undefined) return;
    after = last.pathSuffix;
    if (listing.remainingEntries / page > names.size) {
      const listed = new Set(entries.map((entry) => entry.pathSuffix));
      yield* await eachOf(dir, [...names].filter((name) => !listed.has(name)));
      return;
    }
  }
}

/** The entries of a directory with some names, requested one by one. */
async function eachOf(dir: Path, names: readonly string[]): Promise<FileStatus[]> {
  const found: FileStatus[] = [];
  const left = [...names];
  const work = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      try {
        found.push({ ...(await readStatus(join(dir, name))), pathSuffix: name });
      } catch (e) {
        if (!isRefusal(e)) throw e;
      }
    }
  };
  await Promise.all(Array.from({ length: asked }, work));
  return found;
}

function isRefusal(e: unknown): boolean {
  return e instanceof ApiError && (e.status === 404 || e.status === 403 || e.status === 409);
}

/** The ETag of the file at an upload's path, or undefined if there is none. It throws if the server is not available now. */
export async function etagThere({ path }: Upload): Promise<string | undefined> {
  const answer = await fetch(`/api/v1/fs/open?${new URLSearchParams({ path }).toString()}`, { method: "HEAD" });
  if (!answer.ok && retriable(answer.status)) throw problem(answer.status, undefined);
  return answer.ok ? (answer.headers.get("ETag") ?? undefined) : undefined;
}

/**
 * Whether the file at an upload's path has the same content. Long files are recognized only if this browser sent them. It throws if the server is not
 * available now.
 */
export async function sameThere(upload: Upload): Promise<boolean> {
  const { path, file } = upload;
  if (file.size > compared) return partsAreThere(upload);
  try {
    const status = await readStatus(path);
    if (status.type !== "FILE" || status.length !== file.size) return false;
    const answer = await fetch(`/api/v1/fs/open?${new URLSearchParams({ path }).toString()}`);
    if (!answer.ok) throw problem(answer.status, undefined);
    const [there, here] = await Promise.all([answer.arrayBuffer(), file.arrayBuffer()]);
    const [a, b] = [new Uint8Array(there), new Uint8Array(here)];
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  } catch (e) {
    if (e instanceof ApiError && !retriable(e.status)) return false; // then the user is asked
    throw e;
  }
}
