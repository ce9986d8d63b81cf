import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { api, ask, type FileStatus } from "../api/client";
import type { Path } from "../path";

/** A directory's entries, as far as they have come, in the byte order of their names. */
export interface Entries {
  items: readonly FileStatus[];
  /** How many entries there are; beyond some thousands at least so many, until all have come. */
  total: number;
  /** Whether all have come. */
  whole: boolean;
  pending: boolean;
  error: unknown;
  reload: () => void;
}

/** The key under which a directory's entries are kept. */
export function listingKey(dir: Path): readonly unknown[] {
  return ["listing", dir];
}

/**
 * Reads a directory page by page, a thousand entries each, from the first to the last. What has come can be shown at once; a directory of
 * 100,000 entries takes a hundred requests, one after the other.
 */
export function useListing(dir: Path): Entries {
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: listingKey(dir),
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/api/v1/fs/list-status-batch", { params: { query: pageParam === "" ? { path: dir } : { path: dir, startafter: pageParam } }, signal })),
    initialPageParam: "",
    structuralSharing: false, // it would compare all pages with each one that comes
    getNextPageParam: (page) => {
      const { partialListing, remainingEntries } = page.DirectoryListing;
      return remainingEntries > 0 ? partialListing.FileStatuses.FileStatus.at(-1)?.pathSuffix : undefined;
    },
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);

  const items = useMemo(() => data?.pages.flatMap((page) => page.DirectoryListing.partialListing.FileStatuses.FileStatus) ?? [], [data]);
  const rest = data?.pages.at(-1)?.DirectoryListing.remainingEntries ?? 0;
  const reload = useCallback(() => void queries.resetQueries({ queryKey: listingKey(dir) }), [queries, dir]);
  return {
    items,
    total: items.length + rest,
    whole: data !== undefined && !hasNextPage,
    pending: query.isPending,
    error: query.error,
    reload,
  };
}
