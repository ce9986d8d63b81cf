import { useEffect, useState, useSyncExternalStore, type ReactElement } from "react";
import type { LookProps } from "../look/Look";
import { Failure, Loading } from "../parts/states";
import { nameOf, visible } from "../path";
import { useLinked } from "../place";
import { delimiters } from "./csv";
import { CsvNotes } from "./CsvNotes";
import { CsvRows } from "./CsvRows";
import { rangesOf } from "./range";
import { TableView } from "./TableView";

const called: Readonly<Record<string, string>> = { ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Pipe" };

/** A file of separated values as a table. */
export default function CsvView({ path, status }: LookProps): ReactElement {
  const name = nameOf(path);
  const [sign, setSign] = useLinked("delimiter");
  const [head, setHead] = useLinked("header");
  const [rows, setRows] = useState<CsvRows | undefined>(undefined);
  useEffect(() => {
    const packed = /\.gz$/i.test(name);
    const named = delimiters.find((one) => called[one]?.toLowerCase() === sign) ?? (/\.tsv(\.gz)?$/i.test(name) ? "\t" : undefined);
    const opened = new CsvRows(rangesOf(path), status.length, packed, { delimiter: named, header: head === "" ? undefined : head === "yes" });
    setRows(opened);
    return () => opened.close();
  }, [path, name, status.length, status.modificationTime, sign, head]);
  if (rows === undefined) return <Loading label="Loading table" />;
  return <Opened rows={rows} name={name} size={status.length} onSign={setSign} onHead={setHead} />;
}

interface OpenedProps {
  rows: CsvRows;
  name: string;
  size: number;
  onSign: (sign: string) => void;
  onHead: (head: string) => void;
}

function Opened({ rows, name, size, onSign, onHead }: OpenedProps): ReactElement {
  useSyncExternalStore(rows.subscribe, rows.version);
  if (rows.columns.length === 0) {
    if (rows.failure !== undefined) return <Failure error={rows.failure} {...(rows.again === undefined ? {} : { retry: rows.again })} />;
    return rows.stopped === undefined ? <Loading label="Loading table" /> : <p className="table-none">This file has no rows, only empty lines.</p>;
  }
  return (
    <TableView
      rows={rows}
      label={`Rows of ${visible(name)}`}
      tools={
        <>
          <label>
            Delimiter{" "}
            <select value={called[rows.delimiter]?.toLowerCase()} onChange={(e) => onSign(e.target.value)}>
              {delimiters.map((one) => (
                <option key={one} value={called[one]?.toLowerCase()}>
                  {called[one]}
                </option>
              ))}
            </select>
          </label>
          <label className="table-check">
            <input type="checkbox" checked={rows.header} onChange={(e) => onHead(e.target.checked ? "yes" : "no")} />
            First row is header
          </label>
        </>
      }
      notes={<CsvNotes rows={rows} size={size} packed={/\.gz$/i.test(name)} />}
    />
  );
}
