import type { ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count, size as bytes } from "../format";
import type { Footer } from "./footer";
import type { ParquetRows } from "./ParquetRows";
import { mostRows } from "./rows";
import { useMarked } from "./TableView";

interface ParquetNotesProps {
  rows: ParquetRows;
  footer: Footer;
  /** The number of bytes that were read. */
  read: number;
  size: number;
  /** Tries again to read what could not be read. */
  again: () => void;
}

/** Notes on the rows of a Parquet file that are shown: which rows, and of how many. */
export function ParquetNotes({ rows, footer, read, size, again }: ParquetNotesProps): ReactElement {
  const [marked, mark] = useMarked();
  const { first, end } = rows;
  const part = end - first < footer.rows;
  return (
    <>
      {part ? (
        <>
          <strong className="tag">Partial</strong>
          <span>
            Rows {(first + 1).toLocaleString("en")} to {end.toLocaleString("en")} of {footer.rows.toLocaleString("en")}
          </span>
          <button type="button" className="link" disabled={first === 0} onClick={() => mark(first - mostRows)}>
            Previous rows
          </button>
          <button type="button" className="link" disabled={end === footer.rows} onClick={() => mark(end)}>
            Next rows
          </button>
        </>
      ) : (
        <span>{rows.refusal === undefined ? `All ${count(footer.rows, "row")}, loaded as you scroll` : count(footer.rows, "row")}</span>
      )}
      <span>{count(footer.groups.length, "row group")}</span>
      <span>
        {bytes(read)} of {bytes(size)} read
      </span>
      {marked !== undefined && marked >= footer.rows && <span role="alert">There is no row {(marked + 1).toLocaleString("en")}.</span>}
      {rows.failure !== undefined && (
        <span className="fault" role="alert">
          {wordsFor(rows.failure)}{" "}
          <button type="button" className="link" onClick={again}>
            Try again
          </button>
        </span>
      )}
    </>
  );
}
