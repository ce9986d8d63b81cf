import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { parentOf, type Path } from "../path";

/** A directory in another one. */
export type Directory = components["schemas"]["Directory"];

const atOnce = 200; // directories that are read at a time; more on demand

/** The directories in a directory, as far as they have been asked for. */
export interface Directories {
  items: readonly Directory[];
  pending: boolean;
  error: unknown;
  /** Reads more of them; undefined: these are all. */
  more: (() => void) | undefined;
}

/** Reads the directories in dir, a page at first. The files beside them are not read, however many they are. */
export function useDirectories(dir: Path): Directories {
  const { data, isPending, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["directories", dir],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/api/v1/directories", { params: { query: { path: dir, limit: atOnce, ...(pageParam === "" ? {} : { after: pageParam }) } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
  });
  return {
    items: data?.pages.flatMap((page) => page.items) ?? [],
    pending: isPending,
    error,
    more: hasNextPage ? () => void fetchNextPage() : undefined,
  };
}

/** Has the trees read again what lies beside some paths. */
export function forgetDirectories(queries: QueryClient, paths: readonly Path[]): void {
  for (const dir of new Set(paths.map(parentOf))) void queries.invalidateQueries({ queryKey: ["directories", dir] });
}
