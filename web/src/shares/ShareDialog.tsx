import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Failure, Loading } from "../parts/states";
import { inMount, nameOf, namesOf, projectOf, visible, within, type Path } from "../path";
import { useDatasets, useProjects } from "../shell/places";
import { Given } from "./Given";
import { Offer } from "./Offer";
import "./shares.css";

/** Shares the dataset that a path is or lies in, and shows its present shares. */
export default function ShareDialog({ path, onClose }: { path: Path; onClose: () => void }): ReactElement {
  const project = projectOf(path);
  return (
    <Dialog title={`Share ${visible(nameOf(path)) || "/"}`} onClose={onClose}>
      {project === undefined || namesOf(path).length < 3 ? (
        <p>
          You share datasets: folders of a project, with everything in them. Open a project and choose one of its folders.
        </p>
      ) : inMount(path) ? (
        <p>
          This is shared with <strong>{project}</strong> by another project. Only that project’s data owners can share it with others.
        </p>
      ) : (
        <InProject project={project} path={path} />
      )}
    </Dialog>
  );
}

function InProject({ project, path }: { project: string; path: Path }): ReactElement {
  const queries = useQueryClient();
  const projects = useProjects();
  const datasets = useDatasets(project);
  const make = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/projects/{project}/datasets", { params: { path: { project } }, body: { path } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["datasets", project] }),
  });
  if (datasets.isPending || projects.isPending) return <Loading label="Loading datasets" />;
  if (datasets.data === undefined) return <Failure error={datasets.error} retry={() => void datasets.refetch()} />;
  if (projects.data === undefined) return <Failure error={projects.error} retry={() => void projects.refetch()} />;
  const owner = projects.data.find((p) => p.name === project)?.role === "owner";
  const dataset = datasets.data.find((d) => within(path, d.path));
  if (!owner) {
    return (
      <p>
        Only data owners of <strong>{project}</strong> can share its datasets. Ask one of them, or send the path to members of the project, who can open it.
      </p>
    );
  }
  if (dataset === undefined) {
    return (
      <>
        <p>
          <strong>{visible(nameOf(path))}</strong> is an ordinary folder. To share it and everything in it with other projects or people, make it a
          dataset first.
        </p>
        {make.error !== null && (
          <p className="fault" role="alert">
            {wordsFor(make.error)}
          </p>
        )}
        <div className="ends">
          <button type="button" className="primary" disabled={make.isPending} onClick={() => make.mutate()}>
            Make it a dataset
          </button>
        </div>
      </>
    );
  }
  return (
    <>
      {dataset.path !== path && (
        <p>
          This is part of the dataset <strong>{visible(nameOf(dataset.path))}</strong>, which can only be shared as a whole.
        </p>
      )}
      <Offer dataset={dataset} project={project} />
      <Given dataset={dataset} project={project} />
    </>
  );
}
