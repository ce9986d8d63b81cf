import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState, type ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { size } from "../format";
import { Icon, iconOf } from "../parts/Icon";
import { Loading } from "../parts/states";
import { nameOf, parentOf, visibleName, type Path } from "../path";
import { go, useClose, useLinked } from "../place";
import { deletedFrom, downloadAddress, moveToTrash, restore } from "./actions";
import { Crumbs } from "./Crumbs";
import { DeleteDialog } from "./DeleteDialog";
import { Facts } from "./Facts";
import { FileMore } from "./FileMore";
import { useForGood } from "./useForGood";

const Look = lazy(() => import("../look/Look"));

interface FilePageProps {
  path: Path;
  status: FileStatus;
  /** Whether the status was read when the page was opened, and is not a remembered one that is still being read again. */
  sure: boolean;
}

/** The page of a file: its viewer, its properties, and actions on it. */
export function FilePage({ path, status, sure }: FilePageProps): ReactElement {
  const queries = useQueryClient();
  const name = nameOf(path);
  const forGood = useForGood(path);
  const [open, setOpen] = useLinked("open");
  const close = useClose("open");
  const [busy, setBusy] = useState(false);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const leave = () => go({ at: "files", path: parentOf(path) });
  const leaveAfter = async (deed: Promise<boolean>) => {
    setBusy(true);
    const gone = await deed;
    setBusy(false);
    if (gone && shown.current) leave(); // unless the user has gone elsewhere in the meantime
  };
  return (
    <article className="file">
      <Crumbs path={path} titled={false} />
      <header className="file-head">
        <Icon name={iconOf(name, false)} />
        <h1>
          <bdi>{visibleName(name)}</bdi>
        </h1>
        <a className="button primary" href={downloadAddress(path)} download={name}>
          <Icon name="download" /> Download <span className="only-wide">{size(status.length)}</span>
        </a>
        {deletedFrom(path) !== undefined && (
          <button type="button" disabled={busy} onClick={() => void leaveAfter(restore(queries, [path]))}>
            <Icon name="again" /> Restore
          </button>
        )}
        {forGood ? (
          <button type="button" className="danger" onClick={() => setOpen("delete")}>
            <Icon name="trash" /> Delete for good
          </button>
        ) : (
          <button type="button" disabled={busy} onClick={() => void leaveAfter(moveToTrash(queries, [path]))}>
            <Icon name="trash" /> Move to trash
          </button>
        )}
        <FileMore path={path} />
      </header>
      <div className="file-body">
        <div className="file-look">
          <Suspense fallback={<Loading label="Loading viewer" />}>
            <Look path={path} status={status} sure={sure} />
          </Suspense>
        </div>
        <Facts path={path} status={status} />
      </div>
      {open === "delete" && <DeleteDialog paths={[path]} onClose={close} onGone={leave} />}
    </article>
  );
}
