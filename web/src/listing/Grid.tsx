import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type DragEvent, type ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { Icon } from "../parts/Icon";
import { visible, type Path } from "../path";
import type { SortKey, View } from "../place";
import { takeFocus } from "../shell/focus";
import { andTyped, type Draft } from "./draft";
import { Row } from "./Row";
import { all, toggle, type Selection } from "./selection";
import { useEntryKeys } from "./useEntryKeys";

/** The props of a listing, in rows or in tiles. */
export interface GridProps {
  dir: Path;
  /** The entries that are loaded, in order. */
  shown: readonly FileStatus[];
  /** The number of rows, including those that are not loaded yet. */
  total: number;
  view: View;
  onSort: (sort: SortKey) => void;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onOpen: (item: FileStatus) => void;
  onDelete: () => void;
  /** Called with the names of entries when the user begins to drag them. */
  onDrag: (e: DragEvent, names: readonly string[]) => void;
  /** Names of entries that were cut, which are dimmed. */
  faint: ReadonlySet<string>;
  /** In a trash: when entries were deleted, in milliseconds since 1970, as far as is known; shown in place of their last change. */
  deletedAt?: ReadonlyMap<string, number> | undefined;
  /** The new name of the entry that is being renamed. */
  draft: Draft | undefined;
  /** Begins to rename an entry, or with null ends it, unless by now another one than was is being renamed. */
  onRenaming: (name: string | null, was?: string) => void;
}

const rowHeight = 34; // pixels; --row in tokens.css

const columns: readonly { key: SortKey | "mode"; label: string; className: string }[] = [
  { key: "name", label: "Name", className: "c-name" },
  { key: "size", label: "Size", className: "c-size" },
  { key: "changed", label: "Changed", className: "c-changed" },
  { key: "owner", label: "Owner", className: "c-owner" },
  { key: "mode", label: "Mode", className: "c-mode" },
];

/** The rows of a listing. Only those in view are in the page, but the keyboard moves a cursor over all of them. */
export function Grid(props: GridProps): ReactElement {
  const { dir, shown, total, view, selection, onSelect, onOpen, onRenaming } = props;
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const typed = props.draft === undefined ? -1 : shown.findIndex((item) => item.pathSuffix === props.draft?.name);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    rangeExtractor: andTyped(typed),
  });
  const { order, cursor, onKeyDown, onFocus, point, drag } = useEntryKeys({
    ...props,
    across: 1,
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1),
    reveal: (index) => rows.scrollToIndex(index),
  });
  useEffect(() => {
    takeFocus(grid.current);
    if (cursor >= 0) rows.scrollToIndex(cursor); // where the user comes back from
  }, []);

  return (
    <div
      id="grid"
      ref={grid}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={`Contents of ${visible(dir)}`}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={cursor >= 0 ? `row-${cursor}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <div className="grid-head" role="row" aria-rowindex={1}>
        <span className="c-check" role="columnheader" aria-label="Selected">
          <input
            type="checkbox"
            aria-label="Select all"
            tabIndex={-1}
            checked={selection.names.size > 0 && selection.names.size === order.length}
            ref={(box) => {
              if (box) box.indeterminate = selection.names.size > 0 && selection.names.size < order.length;
            }}
            onChange={(e) => onSelect(e.target.checked ? all(selection, order) : { ...selection, names: new Set() })}
          />
        </span>
        {columns.map(({ key, label, className }) =>
          key === "mode" || (key === "changed" && props.deletedAt !== undefined) ? (
            <span key={key} role="columnheader" className={className}>
              {key === "mode" ? label : "Deleted"}
            </span>
          ) : (
            <span key={key} role="columnheader" className={className} aria-sort={view.sort !== key ? "none" : view.descending ? "descending" : "ascending"}>
              <button type="button" className="quiet sort" onClick={() => props.onSort(key)}>
                {label}
                {view.sort === key && <Icon name={view.descending ? "down" : "up"} />}
              </button>
            </span>
          ),
        )}
      </div>
      <div className="grid-scroll" ref={scroller} role="presentation">
        <div className="grid-rows" role="presentation" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const item = shown[index];
            const at = { transform: `translateY(${start}px)` };
            if (item === undefined) {
              return (
                <div key={index} className="grid-row coming" role="row" aria-rowindex={index + 2} style={at}>
                  <span className="c-name" role="gridcell" aria-label="Loading">
                    <i />
                  </span>
                </div>
              );
            }
            return (
              <Row
                key={item.pathSuffix}
                dir={dir}
                item={item}
                index={index}
                style={at}
                selected={selection.names.has(item.pathSuffix)}
                cursor={index === cursor}
                faint={props.faint.has(item.pathSuffix)}
                when={props.deletedAt === undefined ? item.modificationTime : (props.deletedAt.get(item.pathSuffix) ?? 0)}
                onDrag={(e) => drag(item, index, e)}
                draft={props.draft?.name === item.pathSuffix ? props.draft : undefined}
                onRenamed={(to, here) => {
                  onRenaming(null, item.pathSuffix);
                  if (!here) return; // a late answer must not move the selection or the focus
                  if (to !== undefined) onSelect({ cursor: to, anchor: to, names: new Set([to]) });
                  grid.current?.focus();
                }}
                onClick={(e) => point(item, index, e)}
                onOpen={() => onOpen(item)}
                onToggle={() => onSelect(toggle(selection, item.pathSuffix))}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
