import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask } from "../api/client";
import { size } from "../format";
import type { Path } from "../path";
import { Link } from "../parts/Link";
import { Meter } from "./Meter";
import { sizesView } from "./view";

/** In the head of a listing: how much its project holds, and may hold, with the way to what takes the space. Members see it. */
export default function Room({ project, dir }: { project: string; dir: Path }): ReactElement | null {
  const about = useQuery({
    queryKey: ["project", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project}", { params: { path: { project } } })),
    retry: false, // who came by a share may not know of the project
    staleTime: 30_000,
  });
  const quota = about.data?.quota;
  if (quota === undefined) return null;
  const limited = quota.bytesLimit >= 0;
  return (
    <Link
      to={{ at: "files", path: dir }}
      view={sizesView}
      className="room-link"
      title={`What project ${project} holds, replicas counted. A click shows what takes the space.`}
    >
      {limited && <Meter used={quota.bytes} limit={quota.bytesLimit} label={`Space of project ${project}`} />}
      <span>
        {size(quota.bytes)}
        {limited ? ` of ${size(quota.bytesLimit)}` : " in the project"}
      </span>
    </Link>
  );
}
