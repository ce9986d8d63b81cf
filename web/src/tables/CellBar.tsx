import type { ReactElement } from "react";
import { copyText } from "../parts/copyText";
import { Icon } from "../parts/Icon";
import { toast } from "../parts/toasts";
import { visible } from "../path";
import { here } from "../place";
import type { Rows } from "./rows";
import { Value } from "./Value";

interface CellBarProps {
  rows: Rows;
  row: number;
  column: number;
  /** Whether the address names this row. */
  marked: boolean;
  onMark: () => void;
  onOpen: () => void;
  onCopy: () => void;
}

/** The cell at the cursor, with actions on it and its row. */
export function CellBar({ rows, row, column, marked, onMark, onOpen, onCopy }: CellBarProps): ReactElement {
  const link = async () => {
    if (!marked) onMark();
    if (await copyText(location.origin + here(), "copy the link from the address bar instead")) toast({ text: `Copied link to row ${(row + 1).toLocaleString("en")}` });
  };
  return (
    <div className="table-bar">
      <span className="table-bar-at">
        Row {(row + 1).toLocaleString("en")}, <bdi>{visible(rows.columns[column]?.name ?? "")}</bdi>
      </span>
      <span className="table-bar-value">
        <Value cell={rows.row(row)?.[column]} />
      </span>
      <span className="table-bar-acts">
        <button type="button" className="quiet" onClick={onOpen}>
          Show full value
        </button>
        <button type="button" className="quiet" onClick={onCopy} aria-label="Copy cell">
          <Icon name="copy" />
          Copy
        </button>
        <button type="button" className="quiet" onClick={() => void link()} title="Copy link to this row">
          <Icon name="share" />
          Copy link
        </button>
      </span>
    </div>
  );
}
