import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactElement } from "react";
import { api, ask, type Project } from "../api/client";
import { size } from "../format";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import type { Path } from "../path";
import { hrefOf, plainView, useLinked } from "../place";
import { Meter } from "../storage/Meter";
import { Ask } from "./Ask";
import { DatasetList } from "./DatasetList";
import { Members } from "./Members";
import { ProjectMenu } from "./ProjectMenu";
import { Requests } from "./Requests";
import { roles } from "./roles";
import "./projects.css";

const ProjectActivity = lazy(() => import("../history/ProjectActivity"));

/** The page of a project: its description, storage, datasets and members; for others, a way to request membership. */
export default function ProjectPage({ project }: { project: string }): ReactElement {
  const [tab] = useLinked("tab");
  const about = useQuery({
    queryKey: ["project", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project}", { params: { path: { project } } })),
  });
  if (about.isPending) return <Loading label={`Loading ${project}`} />;
  if (about.data === undefined) return <Failure error={about.error} retry={() => void about.refetch()} />;
  const p = about.data;
  return (
    <div className="page">
      <header className="page-head">
        <h1>{p.name}</h1>
        {p.archived && (
          <span className="tag" title="Nothing in this project can be changed">
            archived
          </span>
        )}
        {p.role !== undefined && (
          <>
            <span className="tag" title={roles[p.role].means}>
              {roles[p.role].label}
            </span>
            <ProjectMenu project={p} role={p.role} />
            <Link to={{ at: "files", path: p.path }} className="button primary">
              <Icon name="folder" /> Files
            </Link>
          </>
        )}
      </header>
      <p className="description">{p.description === "" ? <span className="faint">No description</span> : p.description}</p>
      {p.role === undefined ? (
        <Ask project={project} what={project} />
      ) : (
        <>
          <nav className="page-tabs" aria-label="Project">
            <Link to={{ at: "project", project }} current={tab !== "activity"}>
              Overview
            </Link>
            <Link to={{ at: "project", project }} view={{ ...plainView, more: { tab: "activity" } }} current={tab === "activity"}>
              Activity
            </Link>
          </nav>
          {tab === "activity" ? (
            <Suspense fallback={<Loading label="Loading activity" />}>
              <ProjectActivity project={p} role={p.role} />
            </Suspense>
          ) : (
            <Overview project={p} role={p.role} />
          )}
        </>
      )}
    </div>
  );
}

function Overview({ project: p, role }: { project: Project; role: NonNullable<Project["role"]> }): ReactElement {
  return (
    <>
      {p.quota && <Room path={p.path} quota={p.quota} />}
      {role === "owner" && <Requests project={p.name} />}
      <DatasetList project={p.name} owner={role === "owner"} />
      <Members project={p.name} mine={role} />
    </>
  );
}

function Room({ path, quota }: { path: Path; quota: NonNullable<Project["quota"]> }): ReactElement {
  const limited = quota.bytesLimit >= 0;
  return (
    <section aria-label="Storage" className="room">
      <p>
        {size(quota.bytes)}
        {limited ? ` of ${size(quota.bytesLimit)}` : ""} in {quota.names.toLocaleString("en")}
        {quota.namesLimit >= 0 ? ` of ${quota.namesLimit.toLocaleString("en")}` : ""} files and folders
      </p>
      {limited && <Meter used={quota.bytes} limit={quota.bytesLimit} label="Storage used" />}
      <p>
        <a href={hrefOf({ at: "files", path }, { ...plainView, more: { view: "sizes" } })}>See what takes up space</a>
      </p>
    </section>
  );
}
