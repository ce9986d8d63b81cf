import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, type ReactElement } from "react";
import type { Project } from "../api/client";
import { useFeed } from "../api/feed";
import { useMe } from "../session";
import { auditKey, feedKey, useAudit, useProjectFeed } from "./entries";
import { Filters, useWanted } from "./Filters";
import { Timeline } from "./Timeline";

const settle = 400; // milliseconds that changes are gathered for before the history is read again, for each page of it

/** What happened in a project, as it happens: for owners with how it came and with readings, for other members the changes. */
export default function ProjectActivity({ project, role }: { project: Project; role: NonNullable<Project["role"]> }): ReactElement {
  const me = useMe();
  const queries = useQueryClient();
  const all = role === "owner" || me.superuser;
  const { wanted, set } = useWanted();
  const audit = useAudit(project.name, "", wanted, all);
  const feed = useProjectFeed(project.name, !all);
  const told = all ? audit : feed;
  const pages = useRef(1);
  pages.current = told.data?.pages.length ?? 1;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: all ? [...auditKey, project.name] : [...feedKey, project.name] });
    }, settle * pages.current);
  }, [queries, all, project.name]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useFeed(`/api/v1/projects/${encodeURIComponent(project.name)}/events/stream`, again, again);
  return (
    <>
      <h2 className="unseen">What happened</h2>
      {all ? (
        <Filters wanted={wanted} onChange={set} others />
      ) : (
        <p className="notice">Here are the changes in the project. How each came, and who read what, is for its data owners to see.</p>
      )}
      <Timeline told={told} base={project.path} nothing={all && wanted.user + wanted.from + wanted.until !== "" ? "Nothing of that happened." : "Nothing has happened yet."} />
    </>
  );
}
