import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, type Project } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import type { MenuItem } from "../parts/Menu";
import { MoreMenu } from "../parts/MoreMenu";
import { toast } from "../parts/toasts";
import { go, useLinked } from "../place";
import { useMe } from "../session";

type Change = { description?: string; listed?: boolean; archived?: boolean };

interface ProjectProps {
  project: Project;
  onClose: () => void;
}

/** What can be done with a project as a whole: by its owners, and by who wants to leave it. */
export function ProjectMenu({ project, role }: { project: Project; role: NonNullable<Project["role"]> }): ReactElement {
  const [open, setOpen] = useLinked("open");
  const close = () => setOpen("", true);
  const owner = role === "owner";
  const items: (MenuItem | "line")[] = owner
    ? [
        { label: "Description and listing…", icon: "rename", run: () => setOpen("edit") },
        { label: project.archived ? "Open it again…" : "Archive it…", icon: "archive", run: () => setOpen("archive") },
        "line",
        { label: "Leave it…", icon: "right", run: () => setOpen("leave") },
        { label: "Delete it…", icon: "trash", run: () => setOpen("delete") },
      ]
    : [{ label: "Leave it…", icon: "right", run: () => setOpen("leave") }];
  return (
    <>
      <MoreMenu
        items={items}
      />
      {owner && open === "edit" && <Edit project={project} onClose={close} />}
      {owner && open === "archive" && <Archive project={project} onClose={close} />}
      {owner && open === "delete" && <Delete project={project} onClose={close} />}
      {open === "leave" && <Leave project={project} onClose={close} />}
    </>
  );
}

/** Changes what a project says of itself, and shows that everywhere. */
function useChange({ project, onClose }: ProjectProps, said: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => ask(api.PATCH("/api/v1/projects/{project}", { params: { path: { project: project.name } }, body: change })),
    onSuccess: async () => {
      onClose();
      toast({ text: said });
      await Promise.all([queries.invalidateQueries({ queryKey: ["project", project.name] }), queries.invalidateQueries({ queryKey: ["projects"] })]);
    },
  });
}

function Edit({ project, onClose }: ProjectProps): ReactElement {
  const [before] = useState(project); // it is read again meanwhile, and what others have changed by then was not touched here
  const [description, setDescription] = useState(before.description);
  const [listed, setListed] = useState(before.listed);
  const change = useChange({ project, onClose }, "Saved.");
  const submit = (e: FormEvent) => {
    e.preventDefault();
    // Only what was changed here is sent: another owner may have changed the rest meanwhile.
    change.mutate({ ...(description === before.description ? {} : { description }), ...(listed === before.listed ? {} : { listed }) });
  };
  return (
    <Dialog title={`About ${project.name}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label>
          Description
          <textarea rows={4} data-first="" value={description} onChange={(e) => setDescription(e.target.value)} />
        </label>
        <label className="check">
          <input type="checkbox" checked={listed} onChange={(e) => setListed(e.target.checked)} />
          <span>
            Everybody may find it and ask to be let in <span className="faint">They see its name and its description, and nothing of what is in it.</span>
          </span>
        </label>
        <Ends onClose={onClose} label="Save" disabled={change.isPending} fault={change.error} />
      </form>
    </Dialog>
  );
}

function Archive({ project, onClose }: ProjectProps): ReactElement {
  const { archived } = project;
  const change = useChange({ project, onClose }, archived ? `${project.name} can be changed again.` : `${project.name} is archived.`);
  return (
    <Dialog title={archived ? `Open ${project.name} again` : `Archive ${project.name}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          change.mutate({ archived: !archived });
        }}
      >
        <p>
          {archived
            ? "Its members will be able to change what is in it, as before it was archived."
            : "Everybody who reads it now still can. Nothing in it can be written, moved or deleted until an owner opens it again; programs that write into it will fail."}
        </p>
        <Ends onClose={onClose} label={archived ? "Open it again" : "Archive it"} disabled={change.isPending} fault={change.error} />
      </form>
    </Dialog>
  );
}

function Delete({ project, onClose }: ProjectProps): ReactElement {
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const end = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/projects/{project}", { params: { path: { project: project.name } } })),
    onSuccess: async () => {
      go({ at: "home" }, undefined, true);
      toast({ text: `${project.name} is in the trash. An administrator can restore it for as long as the trash keeps things.` });
      await queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <Dialog title={`Delete ${project.name}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (typed === project.name) end.mutate();
        }}
      >
        <p>
          Its {project.quota === undefined ? "" : `${project.quota.names.toLocaleString("en")} `}files and directories, its members and its shares go with it, for everybody and at once. An administrator can restore it for as
          long as the trash keeps things; then its files are gone, and with them its key. Its name stays taken.
        </p>
        <label>
          Type {project.name} to delete it
          <input required data-first="" autoComplete="off" autoCapitalize="none" spellCheck={false} value={typed} onChange={(e) => setTyped(e.target.value)} />
        </label>
        <Ends onClose={onClose} label="Delete the project" disabled={end.isPending || typed !== project.name} fault={end.error} danger />
      </form>
    </Dialog>
  );
}

function Leave({ project, onClose }: ProjectProps): ReactElement {
  const me = useMe();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/projects/{project}/members/{user}", { params: { path: { project: project.name, user: me.name } } })),
    onSuccess: async () => {
      go({ at: "home" }, undefined, true);
      toast({ text: `You have left ${project.name}.` });
      await queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <Dialog title={`Leave ${project.name}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          leave.mutate();
        }}
      >
        <p>You will see of it only what everybody may see. What you made there stays. To come back you need an owner to add you.</p>
        <Ends onClose={onClose} label="Leave it" disabled={leave.isPending} fault={leave.error} danger />
      </form>
    </Dialog>
  );
}
