import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Empty, Failure, Loading } from "../parts/states";
import { go } from "../place";
import { useProjects } from "../shell/places";
import { roles } from "./roles";

/** The caller's projects. */
export function Projects(): ReactElement {
  const projects = useProjects();
  const [making, setMaking] = useState(false);
  return (
    <div className="page">
      <header className="page-head">
        <h1>Projects</h1>
        <button type="button" className="primary" onClick={() => setMaking(true)}>
          <Icon name="plus" /> New project
        </button>
      </header>
      {projects.isPending ? (
        <Loading label="Loading projects" />
      ) : projects.data === undefined ? (
        <Failure error={projects.error} retry={() => void projects.refetch()} />
      ) : projects.data.length === 0 ? (
        <Empty icon="project" title="You have no projects yet">
          <p>A project is where a team keeps its datasets, logs and models. Members can see what is in it, as far as permissions allow; others see only what is shared with them.</p>
          <p>
            <button type="button" className="primary" onClick={() => setMaking(true)}>
              Create a project
            </button>
          </p>
        </Empty>
      ) : (
        <ul className="cards">
          {projects.data.map((p) => (
            <li key={p.name} className="card">
              <Icon name="project" />
              <div className="grow">
                <h2>
                  <Link to={{ at: "files", path: p.path }}>{p.name}</Link>
                  {p.archived && <span className="tag">archived</span>}
                </h2>
                <p className="faint">{p.description === "" ? "No description" : p.description}</p>
              </div>
              {p.role !== undefined && (
                <span className="tag" title={roles[p.role].means}>
                  {roles[p.role].label}
                </span>
              )}
              <Link to={{ at: "project", project: p.name }} className="button">
                About
              </Link>
            </li>
          ))}
        </ul>
      )}
      {making && <NewProject onClose={() => setMaking(false)} />}
    </div>
  );
}

function NewProject({ onClose }: { onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const make = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/projects", { body: { name, description } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    make.mutate(undefined, {
      // Called only while the dialog is open: who has left it stays.
      onSuccess: (project) => {
        onClose();
        go({ at: "files", path: project.path });
      },
    });
  };
  return (
    <Dialog title="New project" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label>
          Name
          <input required data-first="" spellCheck={false} pattern="[A-Za-z][A-Za-z0-9_\-]*" title="Letters, digits, _ or -, beginning with a letter" value={name} onChange={(e) => setName(e.target.value)} />
        </label>
        <label>
          <span className="label">
            Description <span className="faint">(optional)</span>
          </span>
          <input value={description} onChange={(e) => setDescription(e.target.value)} />
        </label>
        <p className="faint">The project starts with datasets for experiments, logs, models, notebooks, resources and training data. You will be its data owner.</p>
        <Ends onClose={onClose} label="Create project" disabled={make.isPending} fault={make.error} />
      </form>
    </Dialog>
  );
}
