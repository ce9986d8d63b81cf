import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { api, ApiError, ask, type FileStatus } from "../api/client";
import type { Path } from "../path";

/** The loaded entries of a directory, in the byte order of their names. */
export interface Entries {
  items: readonly FileStatus[];
  /** The number of entries; in large directories only a lower bound, until all are loaded. */
  total: number;
  /** Whether all entries are loaded. */
  whole: boolean;
  pending: boolean;
  error: unknown;
  /** Reads again what could not be read. */
  reload: () => void;
}

/** The query key of a directory's entries. */
export function listingKey(dir: Path): readonly unknown[] {
  return ["listing", dir];
}

/**
 * Reads all of a directory in pages of a thousand entries. Each page can be shown as soon as it is loaded; a directory of 100,000 entries takes a hundred
 * requests, one after the other.
 */
export function useListing(dir: Path): Entries {
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: listingKey(dir),
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/api/v1/fs/list-status-batch", { params: { query: pageParam === "" ? { path: dir } : { path: dir, startafter: pageParam } }, signal })),
    initialPageParam: "",
    structuralSharing: false, // it would compare all pages again for each new one
    getNextPageParam: (page) => {
      const { partialListing, remainingEntries } = page.DirectoryListing;
      return remainingEntries > 0 ? partialListing.FileStatuses.FileStatus.at(-1)?.pathSuffix : undefined;
    },
  });
  const { data, hasNextPage, isFetching, isError, isFetchNextPageError, fetchNextPage, refetch } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);

  // The names of a directory's pictures are taken from its listing, and kept for a while on their pages.
  useEffect(() => void queries.invalidateQueries({ queryKey: ["pictures-in", dir] }), [queries, dir, data]);

  const gone = query.error instanceof ApiError && query.error.status === 404; // data from before is still cached
  const pages = gone ? undefined : data?.pages;
  const items = useMemo(() => pages?.flatMap((page) => page.DirectoryListing.partialListing.FileStatuses.FileStatus) ?? [], [pages]);
  const rest = pages?.at(-1)?.DirectoryListing.remainingEntries ?? 0;
  const reload = useCallback(() => void (isFetchNextPageError ? fetchNextPage() : refetch()), [isFetchNextPageError, fetchNextPage, refetch]);
  return {
    items,
    total: items.length + rest,
    whole: pages !== undefined && !hasNextPage,
    pending: query.isPending,
    error: query.error,
    reload,
  };
}
