import type { ReactElement } from "react";
import { count } from "../format";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import { nameOf, visible } from "../path";
import { hrefOf, plainView, useLinked } from "../place";
import { useDatasets } from "../shell/places";
import { DatasetDialog } from "./DatasetDialog";

/** The datasets of a project. Its owners make others, and say who may find and read them. */
export function DatasetList({ project, owner }: { project: string; owner: boolean }): ReactElement {
  const datasets = useDatasets(project);
  const [open, setOpen] = useLinked("dataset");
  const edited = datasets.data?.find((d) => String(d.id) === open);
  const close = () => setOpen("", true);
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
          <Loading label="Datasets" />
        ) : datasets.data === undefined ? (
          <Failure error={datasets.error} retry={() => void datasets.refetch()} />
        ) : datasets.data.length === 0 ? (
          <p className="faint">There is none. A dataset is a directory that can be shared, with all that is in it.</p>
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
                  {d.public ? <span className="tag">everybody reads it</span> : d.listed && <span className="tag">can be found</span>}
                  {d.shares > 0 && (
                    <a className="tag" href={hrefOf({ at: "files", path: d.path }, { ...plainView, more: { open: "share" } })}>
                      {count(d.shares, "share")}
                    </a>
                  )}
                  {owner && (
                    <button type="button" className="quiet square" aria-label={`About ${name}`} title={`About ${name}`} onClick={() => setOpen(String(d.id))}>
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
