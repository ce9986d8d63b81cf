import { keepPreviousData, useQuery, type QueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "../api/client";
import { listingKey } from "../listing/useListing";
import { parentOf, type Path } from "../path";
import type { AccessChange, AccessPreview, AccessState } from "./draft";

const atOnce = 1000; // paths that one question may be about
const settle = 200; // milliseconds without a change after which a preview is asked for

/** What decides at some paths who may do what, and what could not be told, in words. */
export interface Seen {
  states: AccessState[];
  faults: { path: Path; words: string }[];
}

/** Reads what decides at some paths. It is read once, and again only when somebody asks: what a change is compared with is what was seen. */
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

/** A value as it is once it has been the same for a moment. */
function useSettled<T>(value: T, same: string): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), settle);
    return () => clearTimeout(timer);
    // The text stands for the value, which is another object each time.
  }, [same]);
  return settled;
}

/** What a change of path would come to, as the server decides it; settled: it is of the change as it is now. */
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

/** Has everything read anew that shows who may do what with paths. */
export function refreshAccess(queries: QueryClient, paths: readonly Path[]): void {
  for (const dir of new Set(paths.map(parentOf))) void queries.invalidateQueries({ queryKey: listingKey(dir) });
  for (const path of paths.slice(0, 50)) void queries.invalidateQueries({ queryKey: ["status", path] });
  void queries.invalidateQueries({ queryKey: ["access-effective"] });
}
