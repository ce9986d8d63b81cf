import { keepPreviousData, useQuery, type QueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "../api/client";
import { statusKey } from "../listing/status";
import { listingKey } from "../listing/useListing";
import { parentOf, type Path } from "../path";
import type { AccessChange, AccessPreview, AccessState } from "./draft";

const atOnce = 1000; // paths of one request
const settle = 200; // milliseconds without a change before a preview is requested

/** The access states of some paths, and why others could not be read. */
export interface Seen {
  states: AccessState[];
  faults: { path: Path; words: string }[];
}

/** Reads the access states of some paths: once, and again only on request, since a change is checked against what the user has seen. */
export function useStates(paths: readonly Path[]): UseQueryResult<Seen> {
  return useQuery({
    queryKey: ["access-states", paths],
    staleTime: Infinity,
    gcTime: 0,
    refetchOnReconnect: false,
    queryFn: async () => {
      const seen: Seen = { states: [], faults: [] };
      for (let i = 0; i < paths.length; i += atOnce) {
        const { items } = await ask(api.POST("/api/v1/access/states", { body: { paths: paths.slice(i, i + atOnce) } }));
        for (const item of items) {
          if (item.state !== undefined) seen.states.push(item.state);
          else seen.faults.push({ path: item.path, words: item.problem?.detail ?? "" });
        }
      }
      return seen;
    },
  });
}

/** A value, delayed until it has not changed for a moment. */
function useSettled<T>(value: T, same: string): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), settle);
    return () => clearTimeout(timer);
    // The text identifies the value, which is a new object on each rendering.
  }, [same]);
  return settled;
}

/** What a change of path would do, as the server computes it. It is settled if it belongs to the change as it is now. */
export function usePreview(path: Path, change: AccessChange, enabled: boolean): { preview: UseQueryResult<AccessPreview>; settled: boolean } {
  const text = JSON.stringify(change);
  const asked = useSettled(change, text);
  const preview = useQuery({
    queryKey: ["access-preview", path, asked],
    queryFn: ({ signal }) => ask(api.POST("/api/v1/access/preview", { body: { path, change: asked }, signal })),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  return { preview, settled: JSON.stringify(asked) === text && !preview.isPlaceholderData && !preview.isFetching };
}

/** Invalidates every query that shows access to paths. */
export function refreshAccess(queries: QueryClient, paths: readonly Path[]): void {
  for (const dir of new Set(paths.map(parentOf))) void queries.invalidateQueries({ queryKey: listingKey(dir) });
  for (const path of paths.slice(0, 50)) void queries.invalidateQueries({ queryKey: statusKey(path) });
  void queries.invalidateQueries({ queryKey: ["access-effective"] });
}
