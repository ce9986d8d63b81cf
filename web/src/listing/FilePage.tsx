import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, type ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { size } from "../format";
import { Icon, iconOf } from "../parts/Icon";
import { Loading } from "../parts/states";
import { nameOf, parentOf, visible, type Path } from "../path";
import { go } from "../place";
import { downloadAddress, moveToTrash } from "./actions";
import { Crumbs } from "./Crumbs";
import { Facts } from "./Facts";
import { FileMore } from "./FileMore";

const Look = lazy(() => import("../look/Look"));

/** A file: what is in it, what is known of it, and what can be done with it. */
export function FilePage({ path, status }: { path: Path; status: FileStatus }): ReactElement {
  const queries = useQueryClient();
  const name = nameOf(path);
  return (
    <article className="file">
      <Crumbs path={path} titled={false} />
      <header className="file-head">
        <Icon name={iconOf(name, false)} />
        <h1>
          <bdi>{visible(name)}</bdi>
        </h1>
        <a className="button primary" href={downloadAddress(path)} download={name}>
          <Icon name="download" /> Download <span className="only-wide">{size(status.length)}</span>
        </a>
        <button
          type="button"
          onClick={() => {
            go({ at: "files", path: parentOf(path) });
            void moveToTrash(queries, [path]);
          }}
        >
          <Icon name="trash" /> Move to trash
        </button>
        <FileMore path={path} />
      </header>
      <div className="file-body">
        <div className="file-look">
          <Suspense fallback={<Loading label="Loading the viewer" />}>
            <Look path={path} status={status} />
          </Suspense>
        </div>
        <Facts path={path} status={status} />
      </div>
    </article>
  );
}
