import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Token } from "./verbs";

/** The query key of the caller's tokens. */
export const tokensKey = ["tokens"] as const;

const glance = 10_000; // milliseconds between refreshes, which show when tokens were last used

interface Page {
  items: Token[];
  next?: string;
}

/** The caller's tokens, the newest first, a page at a time. */
export function useTokens(): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: tokensKey,
    queryFn: ({ pageParam, signal }): Promise<Page> => ask(api.GET("/api/v1/tokens", { params: { query: pageParam === "" ? {} : { after: pageParam } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: glance,
  });
}
