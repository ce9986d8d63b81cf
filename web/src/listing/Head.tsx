import { lazy, Suspense, type ReactElement } from "react";
import { PathText } from "../parts/PathText";
import { join, parentOf, projectOf, type Path } from "../path";
import { deletedFrom } from "./actions";
import { Crumbs } from "./Crumbs";

const Room = lazy(() => import("../storage/Room"));

/** The head of a listing: its path, and the storage of its project. */
export function Head({ dir }: { dir: Path }): ReactElement {
  const project = projectOf(dir);
  const from = deletedFrom(join(dir, "x"));
  return (
    <>
      <div className="listing-head">
        <Crumbs path={dir} />
        {project !== undefined && (
          <Suspense>
            <Room project={project} dir={dir} />
          </Suspense>
        )}
      </div>
      {from !== undefined && (
        <p className="faint deleted-from">
          Deleted from <PathText path={parentOf(from)} />
        </p>
      )}
    </>
  );
}
