import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { size } from "../format";
import { Meter } from "../storage/Meter";
import type { ProjectRecord } from "./asked";

const numbers = new Intl.NumberFormat("en");

/** How much a project uses of its limits. Projects without a limit are counted only on request, since that takes a walk through all of the project. */
export function Use({ project }: { project: ProjectRecord }): ReactElement {
  const [asked, setAsked] = useState(false);
  const counted = useQuery({
    queryKey: ["project", project.name],
    queryFn: () => ask(api.GET("/api/v1/projects/{project}", { params: { path: { project: project.name } } })),
    enabled: asked && !project.counted,
    staleTime: 0,
  });
  const limits = project.quota;
  const held = project.counted ? project.quota : asked ? counted.data?.quota : undefined;
  if (held === undefined) {
    return (
      <span className="admin-use faint">
        no limit{" "}
        {counted.error !== null ? (
          wordsFor(counted.error)
        ) : (
          <button type="button" className="link" disabled={asked} aria-label={`Count the files of ${project.name}`} onClick={() => setAsked(true)}>
            {asked ? "Counting…" : "Count"}
          </button>
        )}
      </span>
    );
  }
  const bytesLimit = limits?.bytesLimit ?? -1;
  const namesLimit = limits?.namesLimit ?? -1;
  return (
    <span className="admin-use">
      <span>
        {size(held.bytes)}
        {bytesLimit >= 0 && ` of ${size(bytesLimit)}`}
        <span className="faint">
          , {numbers.format(held.names)}
          {namesLimit >= 0 && ` of ${numbers.format(namesLimit)}`} items
        </span>
      </span>
      {bytesLimit >= 0 && <Meter used={held.bytes} limit={bytesLimit} label={`Bytes used in ${project.name}`} />}
    </span>
  );
}
