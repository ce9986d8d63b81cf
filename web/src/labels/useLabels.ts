import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { components } from "../../../clients/typescript/schema";
import { api, ask } from "../api/client";
import type { Path } from "../path";

/** The tags, by key, and the description of a file or directory. */
export type Labels = components["schemas"]["Labels"];

/** The query key of a path's labels. */
export const labelsKey = (path: Path) => ["labels", path] as const;

/** The labels of a path. */
export function useLabels(path: Path): UseQueryResult<Labels> {
  return useQuery({ queryKey: labelsKey(path), queryFn: () => ask(api.GET("/api/v1/labels", { params: { query: { path } } })) });
}
