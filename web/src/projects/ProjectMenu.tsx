import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, type Project } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import type { MenuItem } from "../parts/Menu";
import { MoreMenu } from "../parts/MoreMenu";
import { toast } from "../parts/toasts";
import { go, isAt, useClose, useLinked } from "../place";
import { useMe } from "../session";

type Change = { description?: string; listed?: boolean; archived?: boolean };

interface ProjectProps {
  project: Project;
  onClose: () => void;
}

/** The actions on a whole project: for its data owners, and leaving it for all members. */
export function ProjectMenu({ project, role }: { project: Project; role: NonNullable<Project["role"]> }): ReactElement {
  const [open, setOpen] = useLinked("open");
  const close = useClose("open");
  const owner = role === "owner";
  const items: (MenuItem | "line")[] = owner
    ? [
        { label: "Description and listing…", icon: "rename", run: () => setOpen("edit") },
        { label: project.archived ? "Unarchive project…" : "Archive project…", icon: "archive", run: () => setOpen("archive") },
        "line",
        { label: "Leave project…", icon: "right", run: () => setOpen("leave") },
        { label: "Delete project…", icon: "trash", run: () => setOpen("delete") },
      ]
    : [{ label: "Leave project…", icon: "right", run: () => setOpen("leave") }];
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

/** Changes a project, and refreshes everything that shows it. */
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
  const [before] = useState(project); // kept, since the query may be refetched: only what differs from this was touched here
  const [description, setDescription] = useState(before.description);
  const [listed, setListed] = useState(before.listed);
  const change = useChange({ project, onClose }, "Saved.");
  const submit = (e: FormEvent) => {
    e.preventDefault();
    // Only what was changed here is sent, since another data owner may have changed the rest in the meantime.
    change.mutate({ ...(description === before.description ? {} : { description }), ...(listed === before.listed ? {} : { listed }) });
  };
  return (
    <Dialog title={`Edit ${project.name}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label>
          Description
          <textarea rows={4} data-first="" value={description} onChange={(e) => setDescription(e.target.value)} />
        </label>
        <label className="check">
          <input type="checkbox" checked={listed} onChange={(e) => setListed(e.target.checked)} />
          <span>
            List in Discover <span className="faint">Everyone can find it and request to join. They see only its name and description, not its contents.</span>
          </span>
        </label>
        <Ends onClose={onClose} label="Save" disabled={change.isPending} fault={change.error} />
      </form>
    </Dialog>
  );
}

function Archive({ project, onClose }: ProjectProps): ReactElement {
  const { archived } = project;
  const change = useChange({ project, onClose }, archived ? `Project ${project.name} unarchived.` : `Project ${project.name} archived.`);
  return (
    <Dialog title={archived ? `Unarchive ${project.name}?` : `Archive ${project.name}?`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          change.mutate({ archived: !archived });
        }}
      >
        <p>
          {archived
            ? "Members will be able to change its contents again, as before it was archived."
            : "Everyone who can read it keeps that access, but nothing in it can be written, moved or deleted until a data owner unarchives it. Programs that write to it will fail."}
        </p>
        <Ends onClose={onClose} label={archived ? "Unarchive" : "Archive"} disabled={change.isPending} fault={change.error} />
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
      if (isAt({ at: "project", project: project.name })) go({ at: "home" }, undefined, true);
      toast({ text: `Project ${project.name} moved to the trash. A superuser can restore it until it is removed from there.` });
      await queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <Dialog title={`Delete ${project.name}?`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (typed === project.name) end.mutate();
        }}
      >
        <p>
          This deletes {project.quota === undefined ? "all" : `its ${project.quota.names.toLocaleString("en")}`} files and folders, its members and its shares for everyone, immediately. A superuser can restore it while it is in the trash. After that, its files and its
          encryption key are deleted for good. Until then, its name stays taken.
        </p>
        <label>
          To confirm, type {project.name}
          <input required data-first="" autoComplete="off" autoCapitalize="none" spellCheck={false} value={typed} onChange={(e) => setTyped(e.target.value)} />
        </label>
        <Ends onClose={onClose} label="Delete project" disabled={end.isPending || typed !== project.name} fault={end.error} danger />
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
      if (isAt({ at: "project", project: project.name })) go({ at: "home" }, undefined, true);
      toast({ text: `You have left ${project.name}.` });
      await queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <Dialog title={`Leave ${project.name}?`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          leave.mutate();
        }}
      >
        <p>You will only see what everyone can see of it, or what is shared with you. The files you created stay. To come back, a data owner has to add you.</p>
        <Ends onClose={onClose} label="Leave project" disabled={leave.isPending} fault={leave.error} danger />
      </form>
    </Dialog>
  );
}
