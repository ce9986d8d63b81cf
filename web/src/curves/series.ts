import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { components } from "../../../clients/typescript/schema";
import { api, ask } from "../api/client";
import type { Path } from "../path";
import type { Run } from "./runs";

export type Series = components["schemas"]["Series"];

const together = 50; // runs per request, whose names have to fit into an address
const kept = 4_000; // series that are cached
const again = 1_000; // milliseconds until a series that the server has not read completely is requested again

/** The points per series for a number of runs, so that a chart stays quick to fetch and to draw. */
function pointsFor(runs: number): number {
  return Math.max(100, Math.min(1_000, Math.floor(20_000 / Math.max(1, runs))));
}

/** The cached series, by directory, tag, run and number of points, with the state of the run, "" if incomplete. null if the run does not have the tag. */
const fetched = new Map<string, { state: string; series: Series | null }>();

function remember(key: string, state: string, series: Series | null): void {
  fetched.delete(key);
  fetched.set(key, { state, series });
  for (const oldest of fetched.keys()) {
    if (fetched.size <= kept) break;
    fetched.delete(oldest);
  }
}

interface Fetched {
  series: Series[];
  /** Whether the server has more to read. */
  partial: boolean;
}

/** The series of a tag. Only runs whose state has changed since they were last fetched are requested. */
async function fetchSeries(dir: Path, tag: string, runs: readonly Run[], points: number, signal: AbortSignal): Promise<Fetched> {
  const keyOf = (run: Run) => JSON.stringify([dir, tag, run.run, points]);
  const stale = runs.filter((run) => fetched.get(keyOf(run))?.state !== run.state);
  for (let i = 0; i < stale.length; i += together) {
    const some = stale.slice(i, i + together);
    const answer = await ask(
      api.GET("/api/v1/scalars", { params: { query: { path: dir, tag, run: some.map((run) => run.run), points } }, signal }),
    );
    for (const run of some) {
      const series = answer.series.find((s) => s.run === run.run);
      remember(keyOf(run), answer.partial ? "" : (series?.state ?? run.state), series ?? null);
    }
  }
  const all = runs.flatMap((run) => fetched.get(keyOf(run)) ?? []);
  return { series: all.flatMap((one) => one.series ?? []), partial: all.some((one) => one.state === "") };
}

/** The series of a tag of these runs; the previous ones while new ones are being fetched. */
export function useSeries(dir: Path, tag: string, runs: readonly Run[], enabled: boolean): UseQueryResult<Fetched> {
  const points = pointsFor(runs.length);
  return useQuery({
    queryKey: ["scalars", dir, tag, points, runs.map((run) => [run.run, run.state])],
    queryFn: ({ signal }) => fetchSeries(dir, tag, runs, points, signal),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.partial === true ? again : false),
    staleTime: Infinity,
    gcTime: 30_000,
    structuralSharing: false, // unchanged series are already the same objects
  });
}

/** The most runs that can be downloaded as such; instead of more, all runs are. */
export const mostExported = 100;

/** The address for downloading all points of a tag of these runs, or of all if there are more than mostExported. */
export function csvAddress(dir: Path, tag: string, runs: readonly Run[]): string {
  const query = new URLSearchParams({ path: dir, tag });
  if (runs.length <= mostExported) for (const run of runs) query.append("run", run.run);
  return `/api/v1/scalars/csv?${query.toString()}`;
}
