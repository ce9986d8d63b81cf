import { api, ApiError, ask } from "../api/client";
import type { Move } from "../listing/actions";
import { join, nameOf, namesOf, parentOf, type Path } from "../path";

const tries = 5; // of other names: who deletes the same elsewhere may take one, too

/** Where the caller's trash shows what was deleted of the project, or the home directory, that path lies in. */
export async function trashOf(path: Path): Promise<Path> {
  const root = await ask(api.GET("/api/v1/fs/get-trash-root", { params: { query: { path } } }));
  return join(root.Path, "Current");
}

/**
 * Moves an entry into the trash, as Hadoop's clients do (TrashPolicyDefault.moveToTrash), and returns where it is then: under its own path, with the time behind
 * its name if something of that name was deleted before.
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
 * Makes the directory that an entry goes to in the trash, and returns its path. A file that was deleted before may lie in its way, under what a directory is called
 * now: that directory has the time behind its name then.
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

/** The file that lies where a directory, or one above it and below current, is to be; undefined: there is none. */
async function fileInTheWay(dir: Path, current: Path): Promise<Path | undefined> {
  let at = current;
  for (const name of namesOf(dir).slice(namesOf(current).length)) {
    at = join(at, name);
    try {
      const { FileStatus } = await ask(api.GET("/api/v1/fs/get-file-status", { params: { query: { path: at } } }));
      if (FileStatus.type !== "DIRECTORY") return at;
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
