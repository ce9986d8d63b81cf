import type { ReactElement } from "react";
import { visible } from "../path";
import { cellShown, type Cell } from "./rows";

/** The value of a cell in one line. Line breaks and characters that reverse text are made visible; missing, null and empty cells look different. */
export function Value({ cell }: { cell: Cell }): ReactElement {
  if (cell === undefined) return <i className="cell-nothing" aria-label="no cell">—</i>;
  if (cell === null) return <i className="cell-nothing">null</i>;
  if (cell === "") return <i className="cell-nothing" aria-label="empty" />;
  const cut = cell.length > cellShown;
  return (
    <bdi>
      {visible((cut ? cell.slice(0, cellShown) : cell).replace(/\r\n|\n|\r/g, "↵").replaceAll("\t", "⇥"))}
      {cut && "…"}
    </bdi>
  );
}
