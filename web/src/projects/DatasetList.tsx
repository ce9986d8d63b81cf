import type { ReactElement } from "react";
import { count } from "../format";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import { nameOf, visible } from "../path";
import { hrefOf, plainView, useClose, useLinked } from "../place";
import { useDatasets } from "../shell/places";
import { DatasetDialog } from "./DatasetDialog";

/** The datasets of a project. Its data owners can create datasets and edit who may find and read them. */
export function DatasetList({ project, owner }: { project: string; owner: boolean }): ReactElement {
  const datasets = useDatasets(project);
  const [open, setOpen] = useLinked("dataset");
  const edited = datasets.data?.find((d) => String(d.id) === open);
  const close = useClose("dataset");
  return (
    <>
      <section aria-label="Datasets">
        <header className="section-head">
          <h2>Datasets</h2>
          {owner && (
            <button type="button" onClick={() => setOpen("new")}>
              <Icon name="plus" /> New dataset
            </button>
          )}
        </header>
        {datasets.isPending ? (
          <Loading label="Loading datasets" />
        ) : datasets.data === undefined ? (
          <Failure error={datasets.error} retry={() => void datasets.refetch()} />
        ) : datasets.data.length === 0 ? (
          <p className="faint">No datasets yet. A dataset is a folder that can be shared, with everything in it.</p>
        ) : (
          <ul className="people">
            {datasets.data.map((d) => {
              const name = visible(nameOf(d.path));
              return (
                <li key={d.id}>
                  <Icon name="folder" />
                  <span className="grow">
                    <Link to={{ at: "files", path: d.path }}>{name}</Link>
                    <span className="faint">{d.description}</span>
                  </span>
                  {d.public ? <span className="tag">public</span> : d.listed && <span className="tag">listed</span>}
                  {d.shares > 0 && (
                    <a className="tag" href={hrefOf({ at: "files", path: d.path }, { ...plainView, more: { open: "share" } })}>
                      {count(d.shares, "share")}
                    </a>
                  )}
                  {owner && (
                    <button type="button" className="quiet square" aria-label={`Edit ${name}`} title={`Edit ${name}`} onClick={() => setOpen(String(d.id))}>
                      <Icon name="rename" />
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </section>
      {owner && open === "new" && <DatasetDialog project={project} onClose={close} />}
      {owner && edited !== undefined && <DatasetDialog key={edited.id} project={project} dataset={edited} onClose={close} />}
    </>
  );
}
