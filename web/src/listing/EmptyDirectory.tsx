import type { ReactElement } from "react";
import { Empty } from "../parts/states";
import { nameOf, projectOf, visible, type Path } from "../path";
import { pickFiles, pickFolder } from "../upload/pick";
import { inTrash } from "./actions";

/** Shown in place of an empty listing. */
export function EmptyDirectory({ dir }: { dir: Path }): ReactElement {
  if (inTrash(dir)) {
    return (
      <Empty icon="trash" title="The trash is empty">
        <p>Files and folders that you delete are kept here for a while, and you can restore them.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="folder" title={dir === "/" ? "Nothing here yet" : `${visible(nameOf(dir))} is empty`}>
      <p>Drop files or folders here, or</p>
      <p className="row">
        <button type="button" className="primary" onClick={() => void pickFiles(dir)}>
          Upload files
        </button>
        <button type="button" onClick={() => void pickFolder(dir)}>
          Upload a folder
        </button>
      </p>
      {projectOf(dir) !== undefined && (
        <p className="faint">
          From Python: <code>client.upload("{visible(dir)}", "data/")</code>
        </p>
      )}
    </Empty>
  );
}
