import { ApiError, problem, wordsFor } from "../api/client";
import { toast } from "../parts/toasts";
import { nameOf, parentOf, type Path } from "../path";

/** How an archive is made. */
export type Format = "zip" | "tar";

const longest = 60_000; // characters of an address; the server takes a head of 64 KiB

/** The address of an archive of entries that lie in one directory. */
function archiveAddress(paths: readonly Path[], format: Format, list: boolean): string {
  const [first = "/"] = paths;
  const query = new URLSearchParams(paths.length === 1 ? { path: first } : { path: parentOf(first) });
  if (paths.length > 1) for (const path of paths) query.append("name", nameOf(path));
  query.set("format", format);
  if (list) query.set("unreadable", "list");
  return `/api/v1/archive?${query.toString()}`;
}

/**
 * Has the browser save entries as one archive. The server is asked first whether it can be made, so that a refusal comes in words and not as a
 * download that failed. list: what may not be read is left out, and listed in the archive.
 */
export async function downloadArchive(paths: readonly Path[], format: Format, list = false): Promise<void> {
  const address = archiveAddress(paths, format, list);
  if (address.length > longest) {
    toast({ text: "These are too many for one download. Select fewer, or download the folder that they are in.", tone: "bad" });
    return;
  }
  try {
    const asked = await fetch(address, { method: "HEAD" });
    if (!asked.ok) throw await refusal(address, asked);
  } catch (e) {
    const partly = e instanceof ApiError && e.status === 403 && !list;
    toast({
      text: `The archive cannot be made. ${wordsFor(e)}`,
      tone: "bad",
      ...(partly ? { action: { label: "Download the rest", run: () => void downloadArchive(paths, format, true) } } : {}),
    });
    return;
  }
  save(address);
}

/** The words of a refusal, which the answer to HEAD has not. */
async function refusal(address: string, asked: Response): Promise<ApiError> {
  const answer = await fetch(address);
  if (answer.ok) {
    await answer.body?.cancel(); // it can be made by now
    return problem(asked.status, undefined);
  }
  return problem(answer.status, await answer.json().catch(() => undefined), answer.headers.get("Retry-After"));
}

/** Has the browser save what is at an address, under the name that the server gives it. */
function save(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
