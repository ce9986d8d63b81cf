import type { ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count, size as bytes } from "../format";
import { bounds, type CsvRows } from "./CsvRows";

/** What is to be known about rows of separated values: whether they are all, and what is odd about them. */
export function CsvNotes({ rows, size, packed }: { rows: CsvRows; size: number; packed: boolean }): ReactElement {
  const shown = count(rows.end, "row");
  const of = packed ? "" : ` of ${bytes(size)}`;
  const odd: string[] = [];
  if (rows.encoding === "Windows-1252") odd.push("The text is no UTF-8; it is read as Windows-1252.");
  if (rows.encoding === "UTF-16") odd.push("The text is UTF-16.");
  if (rows.ragged.rows > 0) {
    const first = rows.ragged.first + (rows.header ? 0 : 1);
    odd.push(`${count(rows.ragged.rows, "row has", "rows have")} another number of cells than the first line; row ${first.toLocaleString("en")} is the first of them.`);
  }
  if (rows.columns.length === bounds.columns) odd.push(`No more than ${count(bounds.columns, "column")} are shown.`);
  return (
    <>
      {rows.stopped === "end" ? (
        <span>All {shown}</span>
      ) : (
        <strong className="tag">Partial</strong>
      )}
      {rows.stopped === undefined && (
        <span>
          The first {shown}, {bytes(rows.read)}
          {of}; {rows.reading ? "more is being read." : "more is read as you scroll."}
        </span>
      )}
      {rows.stopped === "rows" && <span>The first {shown}; a table shows no more. The file has others: download it to have all.</span>}
      {rows.stopped === "bytes" && (
        <span>
          The first {shown}, {bytes(bounds.bytes)}
          {of}; no more is read of a table. Download the file to have all.
        </span>
      )}
      {rows.stopped === "record" && (
        <span>
          Row {rows.end.toLocaleString("en")} is longer than {bytes(bounds.record)}: its beginning is shown, and nothing after it. Is it a table? Download the file ({bytes(size)}) to have all.
        </span>
      )}
      {rows.stopped === "quotes" && (
        <span>
          A quote in row {rows.end.toLocaleString("en")} is not closed within {bytes(bounds.record)}: what comes after it is not shown. Download the file ({bytes(size)}) to have all.
        </span>
      )}
      {odd.map((words) => (
        <span key={words}>{words}</span>
      ))}
      {rows.failure !== undefined && (
        <span className="fault">
          {wordsFor(rows.failure)}{" "}
          {rows.again !== undefined && (
            <button type="button" className="link" onClick={rows.again}>
              Go on reading
            </button>
          )}
        </span>
      )}
      {rows.stopped === undefined && !rows.reading && rows.failure === undefined && (
        <button type="button" className="link" onClick={() => rows.readTo(bounds.rows)}>
          Read on to the end
        </button>
      )}
    </>
  );
}
