import { useState, type ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { visible } from "../path";
import type { Rows } from "./rows";

const listed = 500; // columns; others can be found with the filter

interface ColumnChoiceProps {
  rows: Rows;
  shown: readonly number[];
  about?: ((column: number) => string) | undefined;
  onChoose: (columns: readonly number[]) => void;
  onClose: () => void;
}

/** The dialog that selects the columns of a table. The choice is part of the address. */
export function ColumnChoice({ rows, shown, about, onChoose, onClose }: ColumnChoiceProps): ReactElement {
  const [filter, setFilter] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set(shown));
  const wanted = filter.trim().toLowerCase();
  const found = rows.columns.flatMap((column, i) => (column.name.toLowerCase().includes(wanted) ? [i] : []));
  const change = (columns: readonly number[], on: boolean) =>
    setChosen((was) => {
      const next = new Set(was);
      for (const column of columns) {
        if (on) next.add(column);
        else next.delete(column);
      }
      return next;
    });
  return (
    <Dialog title="Columns" onClose={onClose}>
      <form
        className="columns"
        onSubmit={(e) => {
          e.preventDefault();
          onChoose([...chosen].sort((a, b) => a - b));
          onClose();
        }}
      >
        <div className="row">
          <input type="search" className="grow" data-first aria-label="Find columns by name" placeholder="Find columns" value={filter} onChange={(e) => setFilter(e.target.value)} />
          <button type="button" onClick={() => change(found, true)}>
            All
          </button>
          <button type="button" onClick={() => change(found, false)}>
            None
          </button>
        </div>
        <ul className="columns-list" aria-label="Columns">
          {found.slice(0, listed).map((i) => (
            <li key={i}>
              <label>
                <input type="checkbox" checked={chosen.has(i)} onChange={(e) => change([i], e.target.checked)} />
                <bdi className="cut">{visible(rows.columns[i]?.name ?? "")}</bdi>
                <span className="faint">{about?.(i) ?? rows.columns[i]?.type}</span>
              </label>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="faint">No columns match.</p>}
        {found.length > listed && <p className="faint">{(found.length - listed).toLocaleString("en")} more columns. Use the search to find them.</p>}
        <div className="ends">
          <button type="submit" className="primary" disabled={chosen.size === 0}>
            {chosen.size === 0 ? "Choose at least one" : `Show ${chosen.size === rows.columns.length ? "all" : chosen.size.toLocaleString("en")}`}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
