import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, type Dataset } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { toast } from "../parts/toasts";
import { join, nameOf, visible } from "../path";

/** Who gets at a dataset beside the members of its project. */
type Openness = "members" | "found" | "public";

const openness: readonly { value: Openness; label: string; means: string }[] = [
  { value: "members", label: "Members only", means: "Others get it by a share." },
  { value: "found", label: "Can be found", means: "Everybody may read its name and description and ask for a share." },
  { value: "public", label: "Everybody reads it", means: "Everybody who can sign in may find it and read all that is in it." },
];

const opennessOf = (d: Dataset): Openness => (d.public ? "public" : d.listed ? "found" : "members");

interface DatasetDialogProps {
  project: string;
  /** Which is changed; undefined: a new one is made. */
  dataset?: Dataset;
  onClose: () => void;
}

/** Makes a dataset, or changes what it says of itself and who may find and read it. */
export function DatasetDialog({ project, dataset, onClose }: DatasetDialogProps): ReactElement {
  const queries = useQueryClient();
  // What it was when this was opened: it is read again meanwhile, and what others have changed by then was not touched here.
  const [before] = useState(() => ({ description: dataset?.description ?? "", open: dataset === undefined ? ("members" as const) : opennessOf(dataset) }));
  const [name, setName] = useState("");
  const [description, setDescription] = useState(before.description);
  const [open, setOpen] = useState<Openness>(before.open);
  const save = useMutation({
    mutationFn: () => {
      const access = { listed: open !== "members", public: open === "public" };
      return dataset === undefined
        ? ask(api.POST("/api/v1/projects/{project}/datasets", { params: { path: { project } }, body: { path: join(`/Projects/${project}`, name), create: true, description, ...access } }))
        : ask(
            api.PATCH("/api/v1/datasets/{id}", {
              params: { path: { id: dataset.id } },
              body: { ...(description === before.description ? {} : { description }), ...(open === before.open ? {} : access) },
            }),
          );
    },
    onSuccess: async () => {
      onClose();
      toast({ text: dataset === undefined ? `${visible(name)} is a dataset now.` : "Saved." });
      await queries.invalidateQueries({ queryKey: ["datasets", project] });
    },
  });
  return (
    <Dialog title={dataset === undefined ? "New dataset" : `About ${visible(nameOf(dataset.path))}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          save.mutate();
        }}
      >
        {dataset === undefined && (
          <label>
            Name
            <input required data-first="" spellCheck={false} pattern="[^\/:]+" title="Anything but / and :" value={name} onChange={(e) => setName(e.target.value)} />
          </label>
        )}
        <label>
          <span className="label">
            Description <span className="faint">(optional)</span>
          </span>
          <textarea rows={3} data-first={dataset === undefined ? undefined : ""} value={description} onChange={(e) => setDescription(e.target.value)} />
        </label>
        <fieldset className="choices">
          <legend>Who gets at it</legend>
          {openness.map((o) => (
            <label key={o.value} className="check">
              <input type="radio" name="openness" checked={open === o.value} onChange={() => setOpen(o.value)} />
              <span>
                {o.label} <span className="faint">{o.means}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Ends onClose={onClose} label={dataset === undefined ? "Make it" : "Save"} disabled={save.isPending} fault={save.error} />
      </form>
    </Dialog>
  );
}
