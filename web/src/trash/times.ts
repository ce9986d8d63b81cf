import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { deletedFrom, inTrash } from "../listing/actions";
import { join, parentOf, type Path } from "../path";
import { useMe } from "../session";

const remembered = 1000; // of the caller's own changes below a directory, the newest, are asked for the times

/** When the caller moved things from below dir to the trash, in milliseconds since 1970, by their paths in the trash. The audit knows. */
export async function deletions(user: string, dir: Path): Promise<Map<Path, number>> {
  const { items } = await ask(api.GET("/api/v1/audit", { params: { query: { user, path: dir, limit: remembered } } }));
  const times = new Map<Path, number>();
  for (const { target, at } of items) {
    if (target !== undefined && inTrash(target) && !times.has(target)) times.set(target, Date.parse(at));
  }
  return times;
}

/** Where a path in a checkpoint of a trash lay before the checkpoint was made: the audit names things as they were then. */
export function asCurrent(path: Path): Path {
  return path.replace(/(\/\.Trash(?:\/[^/]+)?)\/\d{12}\//, "$1/Current/");
}

/** In a directory of a trash: when its entries were deleted, by their names. undefined elsewhere. */
export function useDeletionTimes(dir: Path): ReadonlyMap<string, number> | undefined {
  const me = useMe();
  const from = deletedFrom(join(dir, "x"));
  const times = useQuery({
    queryKey: ["deletions", from],
    enabled: from !== undefined,
    queryFn: () => deletions(me.name, parentOf(from ?? "/")),
  });
  if (from === undefined) return undefined;
  const here = asCurrent(`${dir}/`);
  const known = new Map<string, number>();
  for (const [path, at] of times.data ?? []) {
    if (path.startsWith(here) && !path.slice(here.length).includes("/")) known.set(path.slice(here.length), at);
  }
  return known;
}
