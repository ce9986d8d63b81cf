import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask } from "../api/client";
import { size } from "../format";
import type { Path } from "../path";
import { Link } from "../parts/Link";
import { Meter } from "./Meter";
import { sizesView } from "./view";

/** In the head of a listing: how much space its project uses, with a link to the storage view. Only members see it. */
export default function Room({ project, dir }: { project: string; dir: Path }): ReactElement | null {
  const about = useQuery({
    queryKey: ["project", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project}", { params: { path: { project } } })),
    retry: false, // people who reach the folder through a share may not see the project
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
      title={`Space used by project ${project}, including replicas. Click to see what takes up space.`}
    >
      {limited && <Meter used={quota.bytes} limit={quota.bytesLimit} label={`Space used by project ${project}`} />}
      <span>
        {size(quota.bytes)}
        {limited ? ` of ${size(quota.bytesLimit)}` : " used in this project"}
      </span>
    </Link>
  );
}
