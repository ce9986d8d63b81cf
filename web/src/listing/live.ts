import { useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useFeed } from "../api/feed";
import { parentOf, projectOf, type Path } from "../path";
import { useMe } from "../session";
import { useProjects } from "../shell/places";
import { listingKey } from "./useListing";

const glance = 15_000; // milliseconds between two looks at what has no feed that the caller may follow
const settle = 400; // milliseconds that changes are gathered for before the listing is read again, for each page of it

/**
 * Follows the change feed of the project that dir lies in, and has the listing read again when something in dir changed. The more
 * pages it has, the longer that waits. A feed is for a project's members, and that of what lies in no project for superusers; others look again once in a while.
 */
export function useLiveListing(dir: Path): void {
  const queries = useQueryClient();
  const project = projectOf(dir);
  const me = useMe();
  const projects = useProjects();
  const known = projects.data !== undefined;
  const feed = project === undefined ? me.superuser : (projects.data ?? []).some((p) => p.name === project);
  const reading = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: listingKey(dir) });
    };
    const soon = () => {
      const pages = queries.getQueryData<InfiniteData<unknown>>(listingKey(dir))?.pages.length ?? 1;
      timer ??= setTimeout(read, settle * pages);
    };
    const stop = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    return { read, soon, stop };
  }, [queries, dir]);
  useEffect(() => reading.stop, [reading]);
  useEffect(() => {
    if (!known || feed) return undefined;
    const glances = setInterval(() => document.visibilityState === "visible" && reading.read(), glance);
    return () => clearInterval(glances);
  }, [known, feed, reading]);
  const address = project === undefined ? "/api/v1/events/stream" : `/api/v1/projects/${encodeURIComponent(project)}/events/stream`;
  useFeed(
    known && feed ? address : undefined,
    ({ path, target }) => {
      if ([path, target].some((p) => p !== undefined && (parentOf(p) === dir || p === dir))) reading.soon();
    },
    reading.read,
  );
}
