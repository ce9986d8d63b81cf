import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { api, ask, type Dataset, type Project, type Share } from "../api/client";
import { allPages, following } from "../api/pages";

/** The projects that the caller is a member of, by name. */
export function useProjects(): UseQueryResult<Project[]> {
  return useQuery({
    queryKey: ["projects"],
    queryFn: () => allPages<Project>((after) => ask(api.GET("/api/v1/projects", { params: { query: following(after) } }))),
    staleTime: 30_000,
  });
}

/** The datasets of a project that the caller may open. */
export function useDatasets(project: string): UseQueryResult<Dataset[]> {
  return useQuery({
    queryKey: ["datasets", project],
    queryFn: () =>
      allPages<Dataset>((after) => ask(api.GET("/api/v1/projects/{project}/datasets", { params: { path: { project }, query: following(after) } }))),
    staleTime: 30_000,
  });
}

/** Pending and accepted shares with the caller, and with projects of which the caller is a data owner. */
export function useReceivedShares(): UseQueryResult<Share[]> {
  const projects = useProjects();
  const mine = (projects.data ?? []).filter((p) => p.role === "owner").map((p) => p.name);
  return useQuery({
    queryKey: ["received", mine],
    enabled: projects.data !== undefined,
    queryFn: async () => {
      const lists = await Promise.all([
        allPages<Share>((after) => ask(api.GET("/api/v1/shares", { params: { query: following(after) } })).then(receivedOf)),
        ...mine.map((project) =>
          allPages<Share>((after) => ask(api.GET("/api/v1/projects/{project}/shares", { params: { path: { project }, query: following(after) } })).then(receivedOf)),
        ),
      ]);
      const byId = new Map(lists.flat().map((share) => [share.id, share]));
      return [...byId.values()].sort((a, b) => a.id - b.id);
    },
    staleTime: 15_000,
    refetchInterval: 60_000,
  });
}

function receivedOf(page: { received: Share[]; next?: string }): { items: Share[]; next: string | undefined } {
  return { items: page.received, next: page.next };
}
