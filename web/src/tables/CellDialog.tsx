import { useEffect, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count } from "../format";
import { copyText } from "../parts/copyText";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { toast } from "../parts/toasts";
import { visible } from "../path";
import type { Cell, Rows } from "./rows";

const most = 200_000; // characters that are shown; the rest can be copied

type Content = { cell: Cell } | { failure: string } | undefined;

/** The full value of a cell, with its line breaks. */
export function CellDialog({ rows, row, column, onClose }: { rows: Rows; row: number; column: number; onClose: () => void }): ReactElement {
  const [content, setContent] = useState<Content>(undefined);
  useEffect(() => {
    let over = false;
    rows.whole(row, column).then(
      (cell) => !over && setContent({ cell }),
      (e: unknown) => !over && setContent({ failure: wordsFor(e) }),
    );
    return () => {
      over = true;
    };
  }, [rows, row, column]);
  const about = rows.columns[column];
  const cell = content !== undefined && "cell" in content ? content.cell : undefined;
  return (
    <Dialog title={`Row ${(row + 1).toLocaleString("en")}, ${visible(about?.name ?? "")}`} onClose={onClose}>
      {content === undefined ? (
        <p role="status">Loading…</p>
      ) : "failure" in content ? (
        <p className="fault" role="alert">
          {content.failure}
        </p>
      ) : typeof cell === "string" ? (
        <>
          <p className="faint">
            {about?.type}, {count(cell.length, "character")}
            {cell.length > most && `; only the first ${most.toLocaleString("en")} are shown, but Copy copies all of them`}
          </p>
          <pre className="cell-whole" tabIndex={0} aria-label="Cell value">
            <bdi>{cell.slice(0, most).split("\n").map((line) => visible(line.replaceAll("\t", "    "))).join("\n")}</bdi>
          </pre>
          <div className="ends">
            <button
              type="button"
              onClick={() =>
                void copyText(cell).then((copied) => {
                  if (copied) toast({ text: "Cell copied" });
                })
              }
            >
              <Icon name="copy" /> Copy
            </button>
          </div>
        </>
      ) : (
        <p>{cell === null ? "This cell is null: it has no value." : "This row has no cell in this column."}</p>
      )}
    </Dialog>
  );
}
