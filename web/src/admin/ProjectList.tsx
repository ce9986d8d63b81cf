import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { exactMoment, moment } from "../format";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { useClose, useLinked } from "../place";
import { projectsKey, useAllProjects, type ProjectRecord } from "./asked";
import { Find } from "./Find";
import { LimitsDialog } from "./LimitsDialog";
import { Use } from "./Use";

/** All projects with their data owners and limits, or those in the trash. */
export function ProjectList(): ReactElement {
  const [holds, setHolds] = useLinked("find");
  const [deleted, setDeleted] = useLinked("deleted");
  const [limiting, setLimiting] = useLinked("limit");
  const close = useClose("limit");
  const projects = useAllProjects(useDeferredValue(holds.trim()), deleted !== "");
  const all = projects.data?.pages.flatMap((page) => page.items) ?? [];
  const about = all.find((p) => p.name === limiting);
  return (
    <>
      <div className="row">
        <Find label="Find a project" value={holds} onChange={(text) => setHolds(text, true)} />
        <label className="row">
          <input type="checkbox" checked={deleted !== ""} onChange={(e) => setDeleted(e.target.checked ? "1" : "", true)} /> Show deleted projects
        </label>
      </div>
      {projects.isPending ? (
        <Loading label="Loading projects" />
      ) : projects.data === undefined ? (
        <Failure error={projects.error} retry={() => void projects.refetch()} />
      ) : all.length === 0 ? (
        <p className="faint">{holds !== "" ? "No projects match." : deleted === "" ? "There are no projects yet." : "There are no projects in the trash."}</p>
      ) : (
        <ul className="people" aria-label={deleted === "" ? "Projects" : "Deleted projects"}>
          {all.map((p) => (deleted === "" ? <One key={p.name} project={p} onLimit={() => setLimiting(p.name)} /> : <Deleted key={p.name} project={p} />))}
        </ul>
      )}
      {projects.hasNextPage && (
        <button type="button" disabled={projects.isFetchingNextPage} onClick={() => void projects.fetchNextPage()}>
          More projects
        </button>
      )}
      {about !== undefined && <LimitsDialog project={about} onClose={close} />}
    </>
  );
}

function Owners({ project }: { project: ProjectRecord }): ReactElement {
  return (
    <span className="faint wrap">
      {project.owners.length === 0 ? "no data owner" : `owned by ${project.owners.join(", ")}`}
    </span>
  );
}

function One({ project, onLimit }: { project: ProjectRecord; onLimit: () => void }): ReactElement {
  return (
    <li className="admin-project">
      <Icon name="project" />
      <span className="grow">
        <Link to={{ at: "project", project: project.name }} className="wrap">
          {project.name}
        </Link>
        <Owners project={project} />
      </span>
      {project.archived && <span className="tag">archived</span>}
      <Use project={project} />
      <button type="button" aria-label={`Limits of ${project.name}`} onClick={onLimit}>
        Limits…
      </button>
    </li>
  );
}

function Deleted({ project }: { project: ProjectRecord }): ReactElement {
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/projects/{project}/restore", { params: { path: { project: project.name } } })),
    onSuccess: () => {
      toast({ text: `Project ${project.name} restored.` });
      return Promise.all([projectsKey, ["projects"], ["project", project.name]].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
  });
  const gone = project.goneAfter === undefined ? 0 : Date.parse(project.goneAfter);
  return (
    <li className="admin-project">
      <Icon name="trash" />
      <span className="grow">
        <strong className="wrap">{project.name}</strong>
        <Owners project={project} />
      </span>
      {gone !== 0 && (
        <span className="faint">
          deleted for good after <time title={exactMoment(gone)}>{moment(gone)}</time>
        </span>
      )}
      <button type="button" aria-label={`Restore ${project.name}`} disabled={restore.isPending} onClick={() => restore.mutate()}>
        Restore
      </button>
    </li>
  );
}
