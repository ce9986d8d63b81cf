import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask } from "../api/client";
import { size } from "../format";
import { projectOf, type Path } from "../path";
import { Meter } from "./Meter";

/** How much of a limit is used: the directory's own quota if it has one, else its project's limit. Nothing if there is no limit. */
export function Quota({ dir }: { dir: Path }): ReactElement | null {
  const project = projectOf(dir);
  const own = useQuery({
    queryKey: ["quota", dir],
    queryFn: () => ask(api.GET("/api/v1/fs/get-quota-usage", { params: { query: { path: dir } } })),
    retry: false, // it is refused to whoever may not list everything below
    staleTime: 30_000,
  });
  const usage = own.data?.QuotaUsage;
  const of = usage !== undefined && usage.spaceQuota >= 0 ? "this folder" : project === undefined ? undefined : `project ${project}`;
  const whole = useQuery({
    queryKey: ["project", project],
    enabled: project !== undefined && usage !== undefined && usage.spaceQuota < 0,
    queryFn: () => ask(api.GET("/api/v1/projects/{project}", { params: { path: { project: project ?? "" } } })),
    staleTime: 30_000,
  });
  const quota = whole.data?.quota;
  const [used, limit] = usage !== undefined && usage.spaceQuota >= 0 ? [usage.spaceConsumed, usage.spaceQuota] : [quota?.bytes ?? 0, quota?.bytesLimit ?? -1];
  if (of === undefined || limit < 0) return null;
  return (
    <p className="sizes-quota">
      <Meter used={used} limit={limit} label={`Space used by ${of}`} />
      <span className="faint">
        {size(used)} of {size(limit)} used by {of}
      </span>
    </p>
  );
}
