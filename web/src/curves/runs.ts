import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask } from "../api/client";
import type { Path } from "../path";

/** A directory with event files, as in TensorBoard. Its name is its path relative to the directory that is shown, or ".". */
export type Run = components["schemas"]["Run"];
export type RunList = components["schemas"]["RunList"];
/** A tag and the runs that have it. */
export type RunTag = components["schemas"]["RunTag"];
export type RunTagList = components["schemas"]["RunTagList"];

// Milliseconds between two requests for new data.
const whileReading = 400; // while the server is reading
const whileTraining = 2_000; // while runs are being written
const whileQuiet = 15_000;
const lately = 180_000; // milliseconds

function pause(list: RunList | undefined): number {
  if (list === undefined) return whileTraining;
  if (list.runs.some((run) => run.partial)) return whileReading;
  return list.runs.some((run) => Date.now() - run.modificationTime < lately) ? whileTraining : whileQuiet;
}

/** The runs at and below a directory, refreshed regularly while the page is visible. */
export function useRuns(dir: Path): UseQueryResult<RunList> {
  return useQuery({
    queryKey: ["runs", dir],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/runs", { params: { query: { path: dir } }, signal })),
    refetchInterval: (query) => pause(query.state.data),
  });
}

/** The tags of the runs. They are requested again when the number of tags of a run changes, and when the server has read all of the runs. */
export function useRunTags(dir: Path, list: RunList): UseQueryResult<RunTagList> {
  const counts = list.runs.map((run) => [run.run, run.scalars, run.images]);
  return useQuery({
    queryKey: ["run-tags", dir, list.partial, counts],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/runs/tags", { params: { query: { path: dir } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

/** Requests the tags again if an answer shows that they are outdated: a run that was replaced may have other tags, but as many as before. */
export function useTagsAgain(dir: Path, outdated: boolean, answer: unknown): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (outdated) void queries.invalidateQueries({ queryKey: ["run-tags", dir] }, { cancelRefetch: false }); // many charts say so, and each would begin it anew
  }, [queries, dir, outdated, answer]);
}
