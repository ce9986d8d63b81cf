import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { Project } from "../api/client";
import { useFeed } from "../api/feed";
import { readSoon } from "../api/reread";
import { useMe } from "../session";
import { auditKey, feedKey, useAudit, useProjectFeed } from "./entries";
import { Filters, useWanted } from "./Filters";
import { Timeline } from "./Timeline";

/** The live history of a project. Data owners see reads and by what means each thing was done; other members see only changes. */
export default function ProjectActivity({ project, role }: { project: Project; role: NonNullable<Project["role"]> }): ReactElement {
  const me = useMe();
  const queries = useQueryClient();
  const all = role === "owner" || me.superuser;
  const { wanted, set } = useWanted();
  const audit = useAudit(project.name, "", wanted, all);
  const feed = useProjectFeed(project.name, !all);
  const told = all ? audit : feed;
  const again = () => readSoon(queries, all ? [...auditKey, project.name] : [...feedKey, project.name]);
  useFeed(`/api/v1/projects/${encodeURIComponent(project.name)}/events/stream`, again, again);
  return (
    <>
      <h2 className="unseen">Project activity</h2>
      {all ? (
        <Filters wanted={wanted} onChange={set} others />
      ) : (
        <p className="notice">This shows changes in the project. Data owners can also see reads, and how each change was made.</p>
      )}
      <Timeline told={told} base={project.path} nothing={all && wanted.user + wanted.from + wanted.until !== "" ? "No activity matches these filters." : "No activity yet."} />
    </>
  );
}
