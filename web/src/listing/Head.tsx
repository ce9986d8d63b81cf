import { lazy, Suspense, type ReactElement } from "react";
import { join, parentOf, projectOf, visible, type Path } from "../path";
import { deletedFrom } from "./actions";
import { Crumbs } from "./Crumbs";

const Room = lazy(() => import("../storage/Room"));

/** What stands above a listing: where it is, and how much room there is. */
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
          These were in <code className="wrap">{visible(parentOf(from))}</code>
        </p>
      )}
    </>
  );
}
