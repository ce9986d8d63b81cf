import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { Failure, NotRefreshed } from "../parts/states";
import { visible, type Path } from "../path";
import { useLabels } from "./useLabels";
import "./labels.css";

/** The description and the tags of a file. */
export default function LabelFacts({ path, onEdit }: { path: Path; onEdit: () => void }): ReactElement {
  const labels = useLabels(path);
  if (labels.data === undefined && labels.error !== null) return <Failure error={labels.error} retry={() => void labels.refetch()} />;
  const tags = Object.entries(labels.data?.tags ?? {});
  return (
    <section className="labels" aria-label="Description and tags">
      <NotRefreshed of={labels} />
      {labels.data !== undefined && labels.data.description !== "" && <p className="label-text">{labels.data.description}</p>}
      {tags.length > 0 && (
        <ul className="label-tags">
          {tags.map(([key, value]) => (
            <li key={key} className="tag">
              {visible(key)}
              {value !== "" && <strong>{visible(value)}</strong>}
            </li>
          ))}
        </ul>
      )}
      <button type="button" onClick={onEdit}>
        <Icon name="rename" /> {tags.length === 0 && labels.data?.description === "" ? "Add description and tags" : "Edit description and tags"}
      </button>
    </section>
  );
}
