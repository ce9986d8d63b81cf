import { useEffect, useMemo, useState, useSyncExternalStore, type ReactElement } from "react";
import { size } from "../format";
import { fileChanged } from "../look/bytes";
import { Refused } from "../look/Guard";
import type { LookProps } from "../look/Look";
import { Loading } from "../parts/states";
import { nameOf, visible, type Path } from "../path";
import { useLinked } from "../place";
import { ApiError, wordsFor } from "../api/client";
import { Unreadable, type Footer } from "./footer";
import { ParquetFile } from "./parquetFile";
import { ParquetNotes } from "./ParquetNotes";
import { bytesOf, ParquetRows } from "./ParquetRows";
import { rangesOf, type ReadRange } from "./range";
import { mostRows } from "./rows";
import { Schema } from "./Schema";
import { TableView, useMarked } from "./TableView";
import { TooMuch } from "./TooMuch";

interface Open {
  file: ParquetFile;
  footer: Footer;
  /** The number of bytes that have been read of the file. */
  read: () => number;
}

/** A reader that counts the bytes it reads. */
function counted(read: ReadRange): { read: ReadRange; sum: () => number } {
  let sum = 0;
  return {
    read: async (from, to, signal) => {
      const bytes = await read(from, to, signal);
      sum += bytes.length;
      return bytes;
    },
    sum: () => sum,
  };
}

/** The viewer of Parquet files: rows and schema. */
export default function ParquetView({ path, status }: LookProps): ReactElement {
  const [open, setOpen] = useState<Open | { failure: unknown } | undefined>(undefined);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const { read, sum } = counted(rangesOf(path));
    const file = new ParquetFile(read);
    let over = false;
    file.open(status.length).then(
      (footer) => !over && setOpen({ file, footer, read: sum }),
      (failure: unknown) => !over && setOpen({ failure }),
    );
    return () => {
      over = true;
      file.close();
    };
  }, [path, status.length, status.modificationTime, tries]);
  if (open === undefined) return <Loading label="Loading table" />;
  if ("failure" in open) {
    return (
      <Refused path={path} title="This file cannot be shown" words={wordsFor(open.failure)}>
        {!(open.failure instanceof Unreadable) && (
          <button
            type="button"
            onClick={() => {
              setOpen(undefined);
              setTries(tries + 1);
            }}
          >
            Try again
          </button>
        )}
      </Refused>
    );
  }
  return <Opened path={path} open={open} size={status.length} again={() => setTries(tries + 1)} />;
}

function Opened({ path, open, size: length, again }: { path: Path; open: Open; size: number; again: () => void }): ReactElement {
  const { file, footer } = open;
  const [view, setView] = useLinked("view");
  const [marked] = useMarked();
  const begin = marked === undefined || marked >= footer.rows ? 0 : Math.floor(marked / mostRows) * mostRows;
  const rows = useMemo(() => new ParquetRows(file, footer, begin), [file, footer, begin]);
  useSyncExternalStore(rows.subscribe, rows.version);
  const at = footer.groups[rows.refusal?.group ?? 0];
  // What was refused, or got no answer, is asked again, and all that has been read stays. After anything else the same question would fail again.
  const retry = () => (rows.failure instanceof ApiError && !fileChanged(rows.failure) ? rows.again() : again());
  const views = (
    <span className="table-views" role="group" aria-label="Views">
      {([["", "Rows"], ["schema", "Schema"]] as const).map(([name, label]) => (
        <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
          {label}
        </button>
      ))}
    </span>
  );
  if (view === "schema") return <Schema footer={footer} length={length} views={views} />;
  return (
    <TableView
      rows={rows}
      label={`Rows of ${visible(nameOf(path))}`}
      views={views}
      notes={<ParquetNotes rows={rows} footer={footer} read={open.read()} size={length} again={retry} />}
      instead={rows.refusal === undefined || at === undefined ? undefined : <TooMuch refusal={rows.refusal} rows={rows} footer={footer} />}
      about={(column) => `${footer.fields[column]?.type ?? ""}, ${at === undefined ? "" : size(bytesOf(at, column))}`}
    />
  );
}
