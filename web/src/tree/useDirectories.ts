import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { parentOf, type Path } from "../path";

/** A subdirectory. */
export type Directory = components["schemas"]["Directory"];

const atOnce = 200; // directories per page

/** The subdirectories of a directory that have been read so far. */
export interface Directories {
  items: readonly Directory[];
  pending: boolean;
  error: unknown;
  /** Reads the next page; undefined on the last one. */
  more: (() => void) | undefined;
}

/** Reads the subdirectories of dir, at first a single page. Files are not read, however many there are. */
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

/** Refreshes the trees in the directories of some paths, and in those above them, which tell whether these are empty. */
export function forgetDirectories(queries: QueryClient, paths: readonly Path[]): void {
  const dirs = paths.map(parentOf);
  for (const dir of new Set([...dirs, ...dirs.map(parentOf)])) void queries.invalidateQueries({ queryKey: ["directories", dir] });
}

/** Refreshes the trees below directories that others have replaced. */
export function forgetBelow(queries: QueryClient, dirs: readonly Path[]): void {
  const replaced = new Set(dirs);
  const gone = (dir: Path): boolean => replaced.has(dir) || (dir !== "/" && gone(parentOf(dir)));
  void queries.invalidateQueries({ predicate: ({ queryKey: [kind, dir] }) => kind === "directories" && typeof dir === "string" && gone(dir) });
}
