import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { api, ApiError, ask, type FileStatus } from "../api/client";
import { allPages, following } from "../api/pages";
import { join, type Path } from "../path";
import { useMe } from "../session";
import { asCurrent, deletions } from "./times";

/** An entry that the caller has moved to the trash. */
export interface Deleted {
  status: FileStatus;
  /** Where it is now. */
  path: Path;
  /** When it was deleted, in milliseconds since 1970, if known. */
  at: number | undefined;
}

/**
 * What the caller deleted from a directory and is still in the trash, the newest first. live names the present subdirectories: a directory of the same name
 * in the trash only holds what was deleted below it, so it is left out.
 */
export function useDeletedHere(dir: Path, live: ReadonlySet<string>): UseQueryResult<Deleted[]> {
  const me = useMe();
  return useQuery({
    queryKey: ["deleted", dir, [...live].sort()],
    queryFn: async () => {
      const { Path: root } = await ask(api.GET("/api/v1/fs/get-trash-root", { params: { query: { path: join(dir, "x") } } }));
      const checkpoints = (await ifThere(allPages((after) => ask(api.GET("/api/v1/directories", { params: { query: { path: root, ...following(after) } } }))))) ?? [];
      const [times, ...found] = await Promise.all([
        deletions(me.name, dir),
        ...checkpoints.map(async ({ name }) => {
          const at = `${join(root, name)}${dir}`;
          return ((await ifThere(allPages((after) => entriesAfter(at, after)))) ?? [])
            .filter((status) => status.type === "FILE" || !live.has(status.pathSuffix))
            .map((status): Deleted => {
              const path = join(at, status.pathSuffix);
              return { status, path, at: undefined };
            });
        }),
      ]);
      return found
        .flat()
        .map((d) => ({ ...d, at: times.get(asCurrent(d.path)) }))
        .sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
    },
  });
}

/** A page of the entries of a directory. */
async function entriesAfter(at: Path, after: string | undefined): Promise<{ items: FileStatus[]; next: string | undefined }> {
  const { DirectoryListing: page } = await ask(api.GET("/api/v1/fs/list-status-batch", { params: { query: after === undefined ? { path: at } : { path: at, startafter: after } } }));
  const items = page.partialListing.FileStatuses.FileStatus;
  return { items, next: page.remainingEntries > 0 ? items.at(-1)?.pathSuffix : undefined };
}

/** The answer to a request, or undefined if its path does not exist. */
async function ifThere<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (e) {
    if (e instanceof ApiError && e.status === 404) return undefined;
    throw e;
  }
}
