import { wordsFor } from "../api/client";
import { whenLoaded } from "../parts/fault";
import { toast } from "../parts/toasts";
import type { Path } from "../path";

/** A file with its path below where it was picked or dropped. */
export interface Found {
  file: File;
  below: string;
}

function choose(folder: boolean): Promise<Found[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.webkitdirectory = folder;
    input.addEventListener("change", () => {
      resolve([...(input.files ?? [])].map((file) => ({ file, below: folder ? file.webkitRelativePath : file.name })));
    });
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

/** Asks for files to upload to dir. told says that the user already knows the destination. */
export async function pickFiles(dir: Path, told = false): Promise<void> {
  offer(dir, await choose(false), [], told);
}

/** Asks for a folder to upload to dir with everything in it. */
export async function pickFolder(dir: Path, told = false): Promise<void> {
  offer(dir, await choose(true), [], told);
}

/** Offers an upload. The code of the queue is loaded only here. */
function offer(dir: Path, found: readonly Found[], bare: readonly string[], told = false): void {
  whenLoaded(import("./offer"), (part) => part.offer(dir, found, bare, told));
}

/** Collects the files in a dropped folder, and the paths of empty folders. */
async function walk(entry: FileSystemEntry, above: string, found: Found[], bare: string[]): Promise<void> {
  const below = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, below });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  let seen = 0;
  for (;;) {
    // It returns a hundred at a time, and an empty list at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    seen += part.length;
    for (const child of part) await walk(child, `${below}/`, found, bare);
  }
  if (seen === 0) bare.push(below);
}

/** Offers to upload dropped files and folders to dir. */
export async function uploadDropped(dir: Path, items: DataTransferItemList): Promise<void> {
  // The browser empties the list when the event is over.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: Found[] = [];
  const bare: string[] = [];
  try {
    for (const entry of entries) await walk(entry, "", found, bare);
  } catch (e) {
    toast({ text: `Nothing was uploaded, because the browser could not read all of the dropped files. ${wordsFor(e)}`, tone: "bad" });
    return;
  }
  offer(dir, found, bare);
}
