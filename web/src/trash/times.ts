import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { deletedFrom, inTrash } from "../listing/actions";
import { join, parentOf, type Path } from "../path";
import { useMe } from "../session";

const remembered = 1000; // the caller's latest changes below a directory that are searched for deletions

/** When the caller moved entries from below dir to the trash, in milliseconds since 1970, by their paths in the trash, according to the audit. */
export async function deletions(user: string, dir: Path): Promise<Map<Path, number>> {
  const { items } = await ask(api.GET("/api/v1/audit", { params: { query: { user, path: dir, limit: remembered } } }));
  const times = new Map<Path, number>();
  for (const { target, at } of items) {
    if (target !== undefined && inTrash(target) && !times.has(target)) times.set(target, Date.parse(at));
  }
  return times;
}

/** The path that an entry in a checkpoint of a trash had before the checkpoint was made, which is the one in the audit. */
export function asCurrent(path: Path): Path {
  return path.replace(/(\/\.Trash(?:\/[^/]+)?)\/\d{12}(?:-\d+)?\//, "$1/Current/");
}

/** When the entries of a directory in a trash were deleted, by name; undefined for other directories. */
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
