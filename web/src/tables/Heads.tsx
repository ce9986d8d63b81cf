import type { PointerEvent, ReactElement } from "react";
import { visible } from "../path";
import type { Column } from "./rows";

interface HeadsProps {
  columns: readonly Column[];
  shown: readonly number[];
  /** The positions of the first and the last column in view. */
  left: number;
  right: number;
  edges: readonly number[];
  /** The width of the row numbers. */
  numbers: number;
  onResize: (column: number, width: number) => void;
  onFit: (column: number) => void;
}

/** The names and types of the columns in view. The edge of a column can be dragged; a double click fits the column to its content. */
export function Heads({ columns, shown, left, right, edges, numbers, onResize, onFit }: HeadsProps): ReactElement {
  const drag = (column: number, width: number) => (e: PointerEvent<HTMLElement>) => {
    const edge = e.currentTarget;
    const begin = e.clientX;
    edge.setPointerCapture(e.pointerId);
    const onMove = (m: globalThis.PointerEvent) => onResize(column, width + m.clientX - begin);
    const onUp = () => {
      edge.removeEventListener("pointermove", onMove);
      edge.removeEventListener("pointerup", onUp);
    };
    edge.addEventListener("pointermove", onMove);
    edge.addEventListener("pointerup", onUp);
  };
  return (
    <div className="table-heads" role="row" aria-rowindex={1}>
      <span className="table-number" role="columnheader" aria-colindex={1} style={{ width: numbers }}>
        <span className="unseen">Row</span>
      </span>
      {shown.slice(left, right + 1).map((column, i) => {
        const at = left + i;
        const about = columns[column];
        if (about === undefined) return null;
        const width = (edges[at + 1] ?? 0) - (edges[at] ?? 0);
        return (
          <span
            key={column}
            className={`table-name${about.right ? " right" : ""}`}
            role="columnheader"
            aria-colindex={at + 2}
            style={{ left: numbers + (edges[at] ?? 0), width }}
            title={`${visible(about.name)} (${about.type})`}
          >
            <bdi className="cut">{visible(about.name)}</bdi>
            <span className="table-type cut">{about.type}</span>
            <i className="table-edge" onPointerDown={drag(column, width)} onDoubleClick={() => onFit(column)} />
          </span>
        );
      })}
    </div>
  );
}
