import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { exactMoment, moment, size } from "../format";
import { restore } from "../listing/actions";
import { Icon, iconOf } from "../parts/Icon";
import { Failure, Loading } from "../parts/states";
import { visible, type Path } from "../path";
import { useDeletedHere } from "./deleted";
import "./trash.css";

interface DeletedHereProps {
  dir: Path;
  /** The present entries of dir. */
  entries: readonly FileStatus[];
  onClose: () => void;
}

/** Shown below a listing: what the caller deleted from this directory, with buttons to restore it. */
export default function DeletedHere({ dir, entries, onClose }: DeletedHereProps): ReactElement {
  const queries = useQueryClient();
  const live = new Set(entries.filter((e) => e.type === "DIRECTORY").map((e) => e.pathSuffix));
  const deleted = useDeletedHere(dir, live);
  return (
    <section className="deleted-here" aria-label="Deleted from this folder">
      <header>
        <h2>Deleted by you from this folder</h2>
        <button type="button" className="quiet square" aria-label="Hide deleted items" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {deleted.isPending ? (
        <Loading label="Searching the trash" />
      ) : deleted.data === undefined ? (
        <Failure error={deleted.error} retry={() => void deleted.refetch()} />
      ) : deleted.data.length === 0 ? (
        <p className="faint">Your trash contains nothing from this folder.</p>
      ) : (
        <ul>
          {deleted.data.map(({ status, path, at }) => (
            <li key={path}>
              <Icon name={iconOf(status.pathSuffix, status.type === "DIRECTORY")} />
              <span className="cut grow" title={visible(path)}>
                <bdi>{visible(status.pathSuffix)}</bdi>
              </span>
              <span className="deleted-size">{status.type === "FILE" ? size(status.length) : ""}</span>
              <span className="deleted-owner cut">{status.owner}</span>
              <span className="deleted-when" title={at === undefined ? "" : exactMoment(at)}>
                {at === undefined ? "" : `deleted ${moment(at)}`}
              </span>
              <button type="button" onClick={() => void restore(queries, [path])} aria-label={`Restore ${visible(status.pathSuffix)}`}>
                Restore
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
