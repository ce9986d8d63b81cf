import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { nameOf, projectOf, visible, type Path } from "../path";
import { useDatasets } from "../shell/places";
import { changeOf, type Tag } from "./change";
import { labelsKey, type Labels } from "./useLabels";
import "./labels.css";

/** Edits the description and the tags of a file or directory, which search finds it by. */
export default function LabelsDialog({ path, onClose }: { path: Path; onClose: () => void }): ReactElement {
  const labels = useQuery({ queryKey: [...labelsKey(path), "to change"], queryFn: () => ask(api.GET("/api/v1/labels", { params: { query: { path } } })), gcTime: 0 });
  const project = projectOf(path);
  const datasets = useDatasets(project ?? "");
  return (
    <Dialog title={`Description and tags of ${visible(nameOf(path)) || "/"}`} onClose={onClose}>
      {labels.isPending || (project !== undefined && datasets.isPending) ? (
        <Loading label="Loading tags" />
      ) : labels.data === undefined ? (
        <Failure error={labels.error} retry={() => void labels.refetch()} />
      ) : (
        <Form path={path} seen={labels.data} project={datasets.data?.some((d) => d.path === path) === true ? project : undefined} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  path: Path;
  seen: Labels;
  /** The project whose dataset it is, on whose page its description is edited; undefined if it is none. */
  project: string | undefined;
  onClose: () => void;
}

function Form({ path, seen, project: known, onClose }: FormProps): ReactElement {
  const queries = useQueryClient();
  const [before] = useState(seen); // kept, since the query may be refetched: only what differs from this was touched here
  const [project] = useState(known); // kept as well: the field must not go while one types
  const [description, setDescription] = useState(before.description);
  const [tags, setTags] = useState<readonly Tag[]>(() => [...Object.entries(before.tags).map(([key, value]) => ({ key, value })), { key: "", value: "" }]);
  const save = useMutation({
    mutationFn: () => ask(api.PATCH("/api/v1/labels", { params: { query: { path } }, body: changeOf(before, description, tags) })),
    onSuccess: async () => {
      onClose();
      toast({ text: "Saved." });
      await queries.invalidateQueries({ queryKey: labelsKey(path) });
    },
  });
  const put = (at: number, change: Partial<Tag>) => {
    const next = tags.map((tag, i) => (i === at ? { ...tag, ...change } : tag));
    const last = next.at(-1);
    // There is always an empty row at the end for the next tag.
    setTags(last !== undefined && (last.key !== "" || last.value !== "") ? [...next, { key: "", value: "" }] : next);
  };
  return (
    <form
      className="form"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        save.mutate();
      }}
    >
      {project !== undefined ? (
        <p>
          {before.description === "" ? <span className="faint">No description</span> : before.description}{" "}
          <Link to={{ at: "project", project }}>Edit the description of a dataset on its project page.</Link>
        </p>
      ) : (
        <label>
          Description
          <textarea rows={3} data-first="" maxLength={4096} value={description} onChange={(e) => setDescription(e.target.value)} />
        </label>
      )}
      <fieldset className="tags">
        <legend>Tags</legend>
        <p className="faint">A tag has a key and a value. To find files with the key stage and the value raw, search for stage=raw.</p>
        {tags.map((tag, i) => (
          <div key={i} className="tag-row">
            <input
              aria-label={`Key of tag ${i + 1}`}
              placeholder="Key"
              spellCheck={false}
              autoCapitalize="none"
              pattern="[A-Za-z0-9][A-Za-z0-9._\/\-]{0,63}"
              title="Up to 64 letters, digits, . _ - or /, beginning with a letter or digit"
              required={tag.value !== ""}
              value={tag.key}
              onChange={(e) => put(i, { key: e.target.value })}
            />
            <input aria-label={`Value of tag ${i + 1}`} placeholder="Value" spellCheck={false} maxLength={256} value={tag.value} onChange={(e) => put(i, { value: e.target.value })} />
            <button
              type="button"
              className="quiet square"
              aria-label={`Remove tag ${tag.key === "" ? i + 1 : tag.key}`}
              disabled={i === tags.length - 1}
              onClick={() => setTags(tags.filter((_, at) => at !== i))}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </fieldset>
      <Ends onClose={onClose} label="Save" disabled={save.isPending} fault={save.error} />
    </form>
  );
}
