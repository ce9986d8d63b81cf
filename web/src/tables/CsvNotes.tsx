import type { ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count, size as bytes } from "../format";
import { bounds, type CsvRows } from "./CsvRows";

/** Notes on the rows of a file of separated values: whether they are complete, and irregularities. */
export function CsvNotes({ rows, size, packed }: { rows: CsvRows; size: number; packed: boolean }): ReactElement {
  const shown = count(rows.end, "row");
  const of = packed ? "" : ` of ${bytes(size)}`;
  const odd: string[] = [];
  if (rows.encoding === "Windows-1252") odd.push("The text is not UTF-8; it is shown as Windows-1252.");
  if (rows.encoding === "UTF-16") odd.push("The text is UTF-16.");
  if (rows.ragged.rows > 0) {
    const first = rows.ragged.first + (rows.header ? 0 : 1);
    odd.push(`${count(rows.ragged.rows, "row has", "rows have")} a different number of cells than the first line, beginning with row ${first.toLocaleString("en")}.`);
  }
  if (rows.columns.length === bounds.columns) odd.push(`Only the first ${count(bounds.columns, "column")} are shown.`);
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
          {of}; {rows.reading ? "loading more." : "more are loaded as you scroll."}
        </span>
      )}
      {rows.stopped === "rows" && <span>The first {shown}, which is the limit. Download the file to see all rows.</span>}
      {rows.stopped === "bytes" && (
        <span>
          The first {shown}, {bytes(bounds.bytes)}
          {of}, which is the limit. Download the file to see all rows.
        </span>
      )}
      {rows.stopped === "record" && (
        <span>
          Row {rows.end.toLocaleString("en")} is longer than {bytes(bounds.record)}. Only its beginning is shown, and no rows after it. This file may not be a table. Download it ({bytes(size)}) to see all of it.
        </span>
      )}
      {rows.stopped === "quotes" && (
        <span>
          A quotation mark in row {rows.end.toLocaleString("en")} is not closed within {bytes(bounds.record)}. Nothing after it is shown. Download the file ({bytes(size)}) to see all of it.
        </span>
      )}
      {odd.map((words) => (
        <span key={words}>{words}</span>
      ))}
      {rows.failure !== undefined && (
        <span className="fault" role="alert">
          {wordsFor(rows.failure)}{" "}
          {rows.again !== undefined && (
            <button type="button" className="link" onClick={rows.again}>
              Continue
            </button>
          )}
        </span>
      )}
      {rows.stopped === undefined && !rows.reading && rows.failure === undefined && (
        <button type="button" className="link" onClick={() => rows.readTo(bounds.rows)}>
          Load all rows
        </button>
      )}
    </>
  );
}
