import { useEffect, useMemo, useState, useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import { wordsFor } from "../api/client";
import { count } from "../format";
import { copyText } from "../parts/copyText";
import { Icon } from "../parts/Icon";
import { toast } from "../parts/toasts";
import { useLinked } from "../place";
import { CellBar } from "./CellBar";
import { CellDialog } from "./CellDialog";
import { ColumnChoice } from "./ColumnChoice";
import { GoToRow } from "./GoToRow";
import { Grid, type Spot } from "./Grid";
import { columnsAt, placesOf, type Rows } from "./rows";
import "./tables.css";

interface TableViewProps {
  rows: Rows;
  label: string;
  /** Further tools for the toolbar. */
  tools?: ReactNode;
  /** Buttons for other views of the file. */
  views?: ReactNode;
  /** Notes on the rows, such as that they are incomplete. */
  notes: ReactNode;
  /** Shown in place of the rows, if they cannot be shown with the chosen columns. */
  instead?: ReactNode | undefined;
  /** The description of a column in the dialog that selects columns. */
  about?: ((column: number) => string) | undefined;
}

/** The columns that the address selects; all, if it selects none. */
export function useShown(rows: Rows): [shown: readonly number[], choose: (columns: readonly number[]) => void] {
  const [places, setPlaces] = useLinked("cols");
  const total = rows.columns.length;
  const shown = useMemo(() => columnsAt(places, total) ?? Array.from({ length: total }, (_, i) => i), [places, total]);
  return [shown, (columns) => setPlaces(columns.length === total ? "" : placesOf(columns))];
}

/** The row in the address, counted from 0. */
export function useMarked(): [row: number | undefined, mark: (row: number | undefined) => void] {
  const [text, set] = useLinked("row");
  const row = /^[1-9]\d{0,14}$/.test(text) ? Number(text) - 1 : undefined;
  return [row, (to) => set(to === undefined ? "" : String(to + 1), true)];
}

/** A table with tools to choose columns, go to a row and link to it, and see and copy the full value of a cell. */
export function TableView({ rows, label, tools, views, notes, instead, about }: TableViewProps): ReactElement {
  useSyncExternalStore(rows.subscribe, rows.version);
  const [shown, choose] = useShown(rows);
  const [marked, mark] = useMarked();
  const [opened, setOpened] = useLinked("cell");
  const [choosing, setChoosing] = useLinked("open");
  const [spot, setSpot] = useState<Spot | undefined>(undefined);
  useEffect(() => {
    if (marked !== undefined && marked >= rows.end) rows.want(marked, marked + 1, shown);
  }, [rows, marked, shown, rows.version()]);

  const copy = async (at: Spot) => {
    const column = shown[at.at];
    if (column === undefined) return;
    let text;
    try {
      text = (await rows.whole(at.row, column)) ?? "";
    } catch (e) {
      return toast({ text: wordsFor(e), tone: "bad" });
    }
    if (await copyText(text, "open the cell and copy its text instead")) toast({ text: "Cell copied" });
  };
  const open = (at: Spot) => {
    const column = shown[at.at];
    if (column !== undefined) setOpened(`${at.row + 1}.${column + 1}`);
  };
  const [openRow, openColumn] = opened.split(".").map(Number);
  const hidden = rows.columns.length - shown.length;
  return (
    <section className="table-view filled" aria-label={label}>
      <div className="table-tools" role="group" aria-label="Table">
        {views}
        <button type="button" onClick={() => setChoosing("columns")}>
          <Icon name="table" />
          {hidden === 0 ? count(shown.length, "column") : `${shown.length.toLocaleString("en")} of ${count(rows.columns.length, "column")}`}
        </button>
        <GoToRow first={rows.first} end={rows.end} onGo={(row) => mark(row)} />
        {tools}
      </div>
      {instead ?? (
        <Grid
          rows={rows}
          label={label}
          shown={shown}
          marked={marked}
          onMark={mark}
          spot={spot}
          onSpot={setSpot}
          onOpen={open}
          onCopy={(at) => void copy(at)}
        />
      )}
      {instead === undefined && spot !== undefined && (
        <CellBar rows={rows} row={spot.row} column={shown[spot.at] ?? 0} marked={marked === spot.row} onMark={() => mark(spot.row)} onOpen={() => open(spot)} onCopy={() => void copy(spot)} />
      )}
      <div className="table-notes">{notes}</div>
      {choosing === "columns" && <ColumnChoice rows={rows} shown={shown} about={about} onChoose={choose} onClose={() => setChoosing("", true)} />}
      {openRow !== undefined && openColumn !== undefined && openRow - 1 < rows.end && rows.columns[openColumn - 1] !== undefined && (
        <CellDialog rows={rows} row={openRow - 1} column={openColumn - 1} onClose={() => setOpened("", true)} />
      )}
    </section>
  );
}
