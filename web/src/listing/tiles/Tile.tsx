import type { DragEvent, MouseEvent, ReactElement } from "react";
import type { FileStatus } from "../../api/client";
import { count, size } from "../../format";
import { isPicture } from "../../look/kind";
import { Icon, iconOf } from "../../parts/Icon";
import { visible, type Path } from "../../path";
import type { Draft } from "../draft";
import { NameLink } from "../NameLink";
import { RenameField } from "../RenameField";
import { Preview } from "./Preview";

interface TileProps {
  path: Path;
  item: FileStatus;
  index: number;
  column: number;
  /** The height of the picture, in pixels. */
  height: number;
  selected: boolean;
  cursor: boolean;
  /** Whether it was cut, which dims it. */
  faint: boolean;
  /** Its new name, while it is being renamed. */
  draft: Draft | undefined;
  onRenamed: (to: string | undefined, here: boolean) => void;
  onDrag: (e: DragEvent) => void;
  /** Called on a click that selects. */
  onSelect: (e: MouseEvent) => void;
  onOpen: () => void;
  onToggle: () => void;
}

/** An entry as a tile: images as thumbnails, everything else as an icon. */
export function Tile(props: TileProps): ReactElement {
  const { path, item, selected } = props;
  const name = item.pathSuffix;
  const id = `tile-${props.index}`;
  const directory = item.type === "DIRECTORY";
  return (
    <div
      id={id}
      className={`tile${selected ? " selected" : ""}${props.cursor ? " cursor" : ""}${props.faint ? " cut-out" : ""}`}
      role="gridcell"
      aria-labelledby={`${id}-name ${id}-words`}
      aria-colindex={props.column + 1}
      aria-selected={selected}
      data-into={directory ? path : undefined}
      draggable={props.draft === undefined}
      onDragStart={props.onDrag}
      onClick={(e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) props.onSelect(e);
        else if (props.draft === undefined) props.onOpen();
      }}
    >
      <div className="tile-name" id={`${id}-name`}>
        {props.draft !== undefined ? <RenameField key={props.draft.id} draft={props.draft} onDone={props.onRenamed} /> : <NameLink path={path} name={name} onOpen={props.onOpen} />}
      </div>
      {" " /* keeps the parts of the accessible name apart */}
      <div className="tile-picture" style={{ height: props.height }}>
        {isPicture(item) ? (
          <Preview path={path} item={item} wordsId={`${id}-words`} />
        ) : (
          <span className="tile-words">
            <Icon name={iconOf(name, directory)} />
            <span id={`${id}-words`}>{directory ? count(item.childrenNum, "item") : size(item.length)}</span>
          </span>
        )}
      </div>
      <label className="tile-check" onClick={(e) => e.stopPropagation()}>
        <input type="checkbox" tabIndex={-1} aria-label={`Select ${visible(name)}`} checked={selected} onChange={props.onToggle} />
      </label>
    </div>
  );
}
