import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactElement } from "react";
import { join, visible } from "../../path";
import { takeFocus } from "../../shell/focus";
import { andTyped } from "../draft";
import type { GridProps } from "../Grid";
import { toggle } from "../selection";
import { useEntryKeys } from "../useEntryKeys";
import { gap, side, useTileSize } from "./size";
import { Tile } from "./Tile";
import { TilesHead } from "./TilesHead";
import "./tiles.css";

/** The entries of a directory as tiles, images as thumbnails. Only the rows in view are in the page. */
export default function Tiles(props: GridProps): ReactElement {
  const { dir, shown, total, selection, onSelect, onOpen, onRenaming } = props;
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { across, picture, row } = useTileSize(scroller);
  const typed = props.draft === undefined ? -1 : shown.findIndex((item) => item.pathSuffix === props.draft?.name);
  const rows = useVirtualizer({
    count: across === 0 ? 0 : Math.ceil(total / across),
    getScrollElement: () => scroller.current,
    estimateSize: () => row,
    overscan: 1,
    rangeExtractor: andTyped(Math.floor(typed / Math.max(1, across))),
    paddingStart: gap,
    paddingEnd: gap,
  });
  useEffect(() => rows.measure(), [rows, row]);
  const keys = useEntryKeys({
    ...props,
    across: Math.max(1, across),
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? row) / row)),
    reveal: (index) => rows.scrollToIndex(Math.floor(index / Math.max(1, across))),
  });
  const { order, cursor } = keys;
  useEffect(() => takeFocus(grid.current), []);
  const laid = across > 0;
  useEffect(() => {
    if (laid && cursor >= 0) rows.scrollToIndex(Math.floor(cursor / across)); // where the user comes back from
  }, [laid]);
  const tile = (index: number) => {
    const item = shown[index];
    if (item === undefined) return <div key={index} className="tile coming" role="gridcell" aria-label="Loading" />;
    const name = item.pathSuffix;
    return (
      <Tile
        key={name}
        path={join(dir, name)}
        item={item}
        index={index}
        column={index % across}
        height={picture}
        selected={selection.names.has(name)}
        cursor={index === cursor}
        faint={props.faint.has(name)}
        draft={props.draft?.name === name ? props.draft : undefined}
        onRenamed={(to, here) => {
          onRenaming(null, name);
          if (!here) return; // a late answer must not move the selection or the focus
          if (to !== undefined) onSelect({ cursor: to, anchor: to, names: new Set([to]) });
          grid.current?.focus();
        }}
        onDrag={(e) => keys.drag(item, index, e)}
        onSelect={(e) => keys.point(item, index, e)}
        onOpen={() => onOpen(item)}
        onToggle={() => onSelect(toggle(selection, name))}
      />
    );
  };
  return (
    <div className="tiles">
      <TilesHead view={props.view} onSort={props.onSort} order={order} selection={selection} onSelect={onSelect} />
      <div
        id="grid"
        ref={grid}
        className="tiles-grid"
        role="grid"
        tabIndex={0}
        aria-label={`Contents of ${visible(dir)}`}
        aria-rowcount={across === 0 ? -1 : Math.ceil(total / across)}
        aria-colcount={Math.max(1, across)}
        aria-multiselectable="true"
        aria-activedescendant={cursor >= 0 ? `tile-${cursor}` : undefined}
        onKeyDown={keys.onKeyDown}
        onFocus={keys.onFocus}
      >
        <div className="tiles-scroll" ref={scroller} role="presentation">
          <div className="tiles-rows" role="presentation" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => (
              <div
                key={index}
                className="tiles-row"
                role="row"
                aria-rowindex={index + 1}
                style={{ transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))`, gap, paddingInline: side }}
              >
                {Array.from({ length: Math.min(across, total - index * across) }, (_, column) => tile(index * across + column))}
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
