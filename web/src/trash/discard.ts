import { api, ApiError, ask } from "../api/client";
import type { Move } from "../listing/actions";
import { readStatus } from "../listing/status";
import { join, nameOf, namesOf, parentOf, type Path } from "../path";

const tries = 5; // attempts at a free name, which someone deleting the same path may take at the same time

/** The directory in the caller's trash for the project or home directory of a path. */
export async function trashOf(path: Path): Promise<Path> {
  const root = await ask(api.GET("/api/v1/fs/get-trash-root", { params: { query: { path } } }));
  return join(root.Path, "Current");
}

/**
 * Moves an entry to the trash, as Hadoop's clients do (TrashPolicyDefault.moveToTrash), and returns its new place: under its own path, with the time
 * appended to its name if an entry of that name was deleted before.
 */
export async function discard(from: Path): Promise<Move> {
  const wanted = join(await makeAbove(from, await trashOf(from)), nameOf(from));
  let to = wanted;
  for (let left = tries; ; left--) {
    try {
      await ask(api.PUT("/api/v1/fs/rename", { params: { query: { path: from, destination: to, renameoptions: "TO_TRASH" } } }));
      return { from, to };
    } catch (e) {
      if (left === 0 || !isOneOf(e, "FileAlreadyExistsException")) throw e;
    }
    to = `${wanted}${Date.now()}`;
  }
}

/**
 * Creates the directory in the trash that an entry goes to, and returns its path. If a file that was deleted before has the name of one of the directories,
 * that directory gets the time appended to its name.
 */
async function makeAbove(from: Path, current: Path): Promise<Path> {
  let dir = namesOf(parentOf(from)).reduce(join, current);
  for (let left = tries; ; left--) {
    try {
      await ask(api.PUT("/api/v1/fs/mkdirs", { params: { query: { path: dir, permission: "700" } } }));
      return dir;
    } catch (e) {
      const file = left > 0 && isOneOf(e, "FileAlreadyExistsException", "ParentNotDirectoryException") ? await fileInTheWay(dir, current) : undefined;
      if (file === undefined) throw e;
      dir = `${file}${Date.now()}${dir.slice(file.length)}`;
    }
  }
}

/** The first file at or above dir, below current, where a directory should be; undefined if there is none. */
async function fileInTheWay(dir: Path, current: Path): Promise<Path | undefined> {
  let at = current;
  for (const name of namesOf(dir).slice(namesOf(current).length)) {
    at = join(at, name);
    try {
      if ((await readStatus(at)).type !== "DIRECTORY") return at;
    } catch (e) {
      if (e instanceof ApiError && e.status === 404) return undefined;
      throw e;
    }
  }
  return undefined;
}

function isOneOf(e: unknown, ...exceptions: string[]): boolean {
  return e instanceof ApiError && exceptions.includes(e.exception);
}
