import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useFeed, type Happened } from "../api/feed";
import { inMount, parentOf, projectOf, within, type Path } from "../path";
import { useMe } from "../session";
import { useProjects } from "../shell/places";
import { gathered, readAgain, readSoon, whenRead } from "./reread";
import { listingKey } from "./useListing";

const glance = 15_000; // least milliseconds between reads of a directory whose feed the caller may not follow

/**
 * Follows the change feed of dir's project, and has the listing read again when something in dir changes. Only members may follow a project's feed, and
 * only superusers that of everything outside projects; for others, and for what is shared by other projects, the listing is polled.
 */
export function useLiveListing(dir: Path): void {
  const queries = useQueryClient();
  const project = projectOf(dir);
  const me = useMe();
  const projects = useProjects();
  const known = projects.data !== undefined;
  // The feed of a project that shows what others share does not tell what changes there.
  const feed = project === undefined ? me.superuser : !inMount(dir) && (projects.data ?? []).some((p) => p.name === project);
  useEffect(() => {
    if (!known || feed) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const next = async () => {
      await whenRead(queries, dir);
      if (!gone) timer = setTimeout(() => void look(), Math.max(glance, gathered(queries, dir)));
    };
    const look = async () => {
      if (document.visibilityState === "visible") await readAgain(queries, dir);
      await next();
    };
    void next();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [known, feed, queries, dir]);
  const address = project === undefined ? "/api/v1/events/stream" : `/api/v1/projects/${encodeURIComponent(project)}/events/stream`;
  useFeed(
    known && feed ? address : undefined,
    (event) => {
      if (concerns(dir, event)) readSoon(queries, dir);
    },
    (before) => {
      // At first, the listing is usually being read when the feed is asked for. It was read before if the projects came late, or if it was cached.
      const read = queries.getQueryState(listingKey(dir))?.dataUpdatedAt ?? 0;
      if (before === undefined || (read > 0 && read < before)) void readAgain(queries, dir);
    },
  );
}

/** Whether an event may change what is listed in dir: it is about dir, an entry of it, or a directory above it, without which dir is elsewhere or gone. */
export function concerns(dir: Path, { path, target }: Happened): boolean {
  return [path, target].some((p) => p !== undefined && (parentOf(p) === dir || within(dir, p)));
}
