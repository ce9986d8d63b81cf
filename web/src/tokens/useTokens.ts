import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Token } from "./verbs";

/** The key of the caller's tokens among what was asked for. */
export const tokensKey = ["tokens"] as const;

const glance = 10_000; // milliseconds between two looks at when tokens were last used

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
