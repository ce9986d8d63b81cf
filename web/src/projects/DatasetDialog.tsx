import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, type Dataset } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { toast } from "../parts/toasts";
import { join, nameOf, visible } from "../path";
import { forgetDirectories } from "../tree/useDirectories";

/** Who, besides the members of its project, can find or read a dataset. */
type Openness = "members" | "found" | "public";

const openness: readonly { value: Openness; label: string; means: string }[] = [
  { value: "members", label: "Members only", means: "Others can use it only if it is shared with them." },
  { value: "found", label: "Listed", means: "Everyone can find its name and description and request access." },
  { value: "public", label: "Public", means: "Everyone who can sign in can find it and read everything in it." },
];

const opennessOf = (d: Dataset): Openness => (d.public ? "public" : d.listed ? "found" : "members");

interface DatasetDialogProps {
  project: string;
  /** The dataset to edit; undefined to create one. */
  dataset?: Dataset;
  onClose: () => void;
}

/** Creates a dataset, or edits its description and who may find and read it. */
export function DatasetDialog({ project, dataset, onClose }: DatasetDialogProps): ReactElement {
  const queries = useQueryClient();
  // The state when this was opened, since the query may be refetched: only what differs from this was touched here.
  const [before] = useState(() => ({ description: dataset?.description ?? "", open: dataset === undefined ? ("members" as const) : opennessOf(dataset) }));
  const [name, setName] = useState("");
  const [description, setDescription] = useState(before.description);
  const [open, setOpen] = useState<Openness>(before.open);
  const path = join(`/Projects/${project}`, name); // of a new one
  const save = useMutation({
    mutationFn: () => {
      const access = { listed: open !== "members", public: open === "public" };
      return dataset === undefined
        ? ask(api.POST("/api/v1/projects/{project}/datasets", { params: { path: { project } }, body: { path, create: true, description, ...access } }))
        : ask(
            api.PATCH("/api/v1/datasets/{id}", {
              params: { path: { id: dataset.id } },
              body: { ...(description === before.description ? {} : { description }), ...(open === before.open ? {} : access) },
            }),
          );
    },
    onSuccess: async () => {
      onClose();
      toast({ text: dataset === undefined ? `Dataset ${visible(name)} created.` : "Saved." });
      if (dataset === undefined) forgetDirectories(queries, [path]);
      await queries.invalidateQueries({ queryKey: ["datasets", project] });
    },
  });
  return (
    <Dialog title={dataset === undefined ? "New dataset" : `Edit ${visible(nameOf(dataset.path))}`} onClose={onClose}>
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
            <input required data-first="" spellCheck={false} pattern="[^\/:]+" title="Any characters except / and :" value={name} onChange={(e) => setName(e.target.value)} />
          </label>
        )}
        <label>
          <span className="label">
            Description <span className="faint">(optional)</span>
          </span>
          <textarea rows={3} data-first={dataset === undefined ? undefined : ""} value={description} onChange={(e) => setDescription(e.target.value)} />
        </label>
        <fieldset className="choices">
          <legend>Visibility</legend>
          {openness.map((o) => (
            <label key={o.value} className="check">
              <input type="radio" name="openness" checked={open === o.value} onChange={() => setOpen(o.value)} />
              <span>
                {o.label} <span className="faint">{o.means}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Ends onClose={onClose} label={dataset === undefined ? "Create dataset" : "Save"} disabled={save.isPending} fault={save.error} />
      </form>
    </Dialog>
  );
}
