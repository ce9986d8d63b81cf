import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";

/** A download link as the list shows it. */
export type DownloadLink = components["schemas"]["DownloadLink"];

/** The query key of the caller's download links. */
export const linksKey = ["links"] as const;

const glance = 10_000; // milliseconds between refreshes, which show how often links were followed

interface Page {
  items: DownloadLink[];
  next?: string;
}

/** The caller's download links that have not expired, the newest first, a page at a time. */
export function useLinks(): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: linksKey,
    queryFn: ({ pageParam, signal }): Promise<Page> => ask(api.GET("/api/v1/links", { params: { query: pageParam === "" ? {} : { after: pageParam } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: glance,
  });
}
