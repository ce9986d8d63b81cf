import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent, type ReactElement } from "react";
import { letterOf } from "../shell/keys";
import { bounded, edgesOf, fitting, inView } from "./columns";
import { Heads } from "./Heads";
import type { Rows } from "./rows";
import { Value } from "./Value";

const rowHeight = 28; // pixels; --table-row
const headHeight = 44; // --table-head
const overscan = 8; // rows

/** A cell, by its row and the position of its column among the shown columns. */
export interface Spot {
  row: number;
  at: number;
}

interface GridProps {
  rows: Rows;
  label: string;
  /** The columns that are shown. */
  shown: readonly number[];
  /** The row in the address. When it changes, the table scrolls there. */
  marked: number | undefined;
  onMark: (row: number) => void;
  spot: Spot | undefined;
  onSpot: (spot: Spot) => void;
  onOpen: (spot: Spot) => void;
  onCopy: (spot: Spot) => void;
}

/** The rows of a table. Only the rows and columns in view are in the page. The head and the row numbers do not scroll away. */
export function Grid(props: GridProps): ReactElement {
  const { rows, shown, marked, spot, onSpot } = props;
  useSyncExternalStore(rows.subscribe, rows.version);
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, left: 0, width: 800, height: 400 });
  const [set, setWidths] = useState<ReadonlyMap<number, number>>(new Map());

  const { first, end } = rows;
  const count = Math.max(0, end - first);
  const numbers = Math.max(44, 20 + 8 * String(end).length);
  const sampled = Math.min(end, first + 60);
  const arrived = rows.row(first) !== undefined;
  const widths = useMemo(
    () => shown.map((column) => set.get(column) ?? fitting(rows, column, first, sampled)),
    [rows, rows.columns, shown, set, first, arrived],
  );
  const edges = useMemo(() => edgesOf(widths), [widths]);
  const total = numbers + (edges.at(-1) ?? 0);
  const [left, right] = inView(edges, view.left, view.width - numbers);
  const from = Math.max(0, Math.min(count, Math.floor(view.top / rowHeight) - overscan));
  const to = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + overscan);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, left: element.scrollLeft, width: element.clientWidth, height: element.clientHeight - headHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);

  const wanted = shown.join();
  useEffect(() => rows.want(first + from, first + to, shown), [rows, first, from, to, wanted, rows.version()]);

  const showRow = (row: number, middle: boolean) => {
    const element = scroller.current;
    if (element === null) return;
    const top = (row - first) * rowHeight;
    const room = element.clientHeight - headHeight;
    if (middle) element.scrollTop = top - Math.max(0, (room - rowHeight) / 2);
    else if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
  };
  const showColumn = (at: number) => {
    const element = scroller.current;
    if (element === null) return;
    const [begin, stop, room] = [edges[at] ?? 0, edges[at + 1] ?? 0, element.clientWidth - numbers];
    if (begin < element.scrollLeft) element.scrollLeft = begin;
    else if (stop > element.scrollLeft + room) element.scrollLeft = Math.min(begin, stop - room);
  };

  // The table scrolls to the row of a link as soon as that is loaded.
  const there = marked !== undefined && marked >= first && marked < end;
  const gone = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (!there || gone.current === marked) return;
    gone.current = marked;
    const top = (marked - first) * rowHeight;
    if (top < view.top || top + rowHeight > view.top + view.height) showRow(marked, true);
    onSpot({ row: marked, at: spot?.at ?? 0 });
  }, [there, marked, first]);

  const move = (row: number, at: number) => {
    const next = { row: Math.max(first, Math.min(end - 1, row)), at: Math.max(0, Math.min(shown.length - 1, at)) };
    onSpot(next);
    showRow(next.row, false);
    showColumn(next.at);
  };
  const resize = (column: number, width: number) => setWidths((was) => new Map(was).set(column, bounded(width)));
  const fit = (column: number) => resize(column, fitting(rows, column, first + from, first + to, 1200));
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.target !== e.currentTarget || count === 0 || e.altKey) return; // Alt ← is the browser's
    const { row, at } = spot ?? { row: first + Math.ceil(view.top / rowHeight), at: 0 };
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const all = e.ctrlKey || e.metaKey;
    const column = shown[at] ?? 0;
    const width = widths[at] ?? 0;
    if (spot === undefined && e.key.startsWith("Arrow")) move(row, at);
    else if (e.key === "ArrowDown") move(all ? end : row + 1, at);
    else if (e.key === "ArrowUp") move(all ? first : row - 1, at);
    else if (e.key === "ArrowRight") move(row, all ? shown.length : at + 1);
    else if (e.key === "ArrowLeft") move(row, all ? 0 : at - 1);
    else if (e.key === "PageDown") move(row + page, at);
    else if (e.key === "PageUp") move(row - page, at);
    else if (e.key === "Home") move(all ? first : row, 0);
    else if (e.key === "End") move(all ? end : row, shown.length);
    else if (e.key === "Enter") props.onOpen({ row, at });
    else if (e.key === " ") props.onMark(row);
    else if (all && letterOf(e) === "c" && !e.shiftKey && getSelection()?.isCollapsed !== false) props.onCopy({ row, at });
    else if (all) return; // Ctrl = enlarges the page
    else if (e.key === "<" || e.key === ">") resize(column, width + (e.key === "<" ? -24 : 24));
    else if (e.key === "=") fit(column);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <div className="table-grid">
      <div
        className="table-roll"
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={count + 1}
        aria-colcount={shown.length + 1}
        aria-readonly="true"
        aria-activedescendant={spot === undefined ? undefined : `cell-${spot.row}-${spot.at}`}
        onKeyDown={onKeyDown}
      >
        <div className="table-all" role="presentation" style={{ width: total, height: headHeight + count * rowHeight }}>
          <Heads columns={rows.columns} shown={shown} left={left} right={right} edges={edges} numbers={numbers} onResize={resize} onFit={fit} />
          {Array.from({ length: Math.max(0, to - from) }, (_, i) => {
            const row = first + from + i;
            const cells = rows.row(row);
            return (
              <div
                key={row}
                className={`table-row${row === marked ? " marked" : ""}`}
                role="row"
                aria-rowindex={row - first + 2}
                aria-selected={row === marked}
                style={{ transform: `translateY(${headHeight + (from + i) * rowHeight}px)` }}
              >
                <span className="table-number" role="rowheader" style={{ width: numbers }} onClick={() => props.onMark(row)} title={`Mark row ${row + 1} to link to it`}>
                  {(row + 1).toLocaleString("en")}
                </span>
                {shown.slice(left, right + 1).map((column, i) => {
                  const at = left + i;
                  const about = rows.columns[column];
                  return (
                    <span
                      key={column}
                      id={`cell-${row}-${at}`}
                      className={`table-cell${about?.right ? " right" : ""}${spot?.row === row && spot.at === at ? " spot" : ""}`}
                      role="gridcell"
                      aria-colindex={at + 2}
                      style={{ left: numbers + (edges[at] ?? 0), width: widths[at] }}
                      onClick={() => onSpot({ row, at })}
                      onDoubleClick={() => props.onOpen({ row, at })}
                    >
                      {cells === undefined ? <i className="cell-coming" aria-label="Loading" /> : <Value cell={cells[column]} />}
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
