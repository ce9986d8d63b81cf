import { ApiError, wordsFor } from "../api/client";
import { saveMade } from "../api/save";
import { toast } from "../parts/toasts";
import { nameOf, parentOf, type Path } from "../path";

/** The format of an archive. */
export type Format = "zip" | "tar";

const longest = 60_000; // characters of an address; the server accepts 64 KiB of headers

/** The address of an archive of entries that lie in one directory. */
function archiveAddress(paths: readonly Path[], format: Format, list: boolean): string {
  const [first = "/"] = paths;
  const query = new URLSearchParams(paths.length === 1 ? { path: first } : { path: parentOf(first) });
  if (paths.length > 1) for (const path of paths) query.append("name", nameOf(path));
  query.set("format", format);
  if (list) query.set("unreadable", "list");
  return `/api/v1/archive?${query.toString()}`;
}

/** Has the browser download entries as one archive. With list, entries that may not be read are left out, and listed in the archive. */
export async function downloadArchive(paths: readonly Path[], format: Format, list = false): Promise<void> {
  const address = archiveAddress(paths, format, list);
  if (address.length > longest) {
    toast({ text: "Too many items for one download. Select fewer, or download the folder that contains them.", tone: "bad" });
    return;
  }
  try {
    await saveMade(address);
  } catch (e) {
    const partly = e instanceof ApiError && e.status === 403 && !list;
    toast({
      text: `The archive could not be created. ${wordsFor(e)}`,
      tone: "bad",
      ...(partly ? { action: { label: "Download without them", run: () => void downloadArchive(paths, format, true) } } : {}),
    });
  }
}
