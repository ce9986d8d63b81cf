import type { DragEvent, MouseEvent, ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { count, exactMoment, mode, moment, size } from "../format";
import { Icon, iconOf } from "../parts/Icon";
import { join, visible, type Path } from "../path";
import type { Draft } from "./draft";
import { NameLink } from "./NameLink";
import { RenameField } from "./RenameField";

interface RowProps {
  dir: Path;
  item: FileStatus;
  index: number;
  style: { transform: string };
  selected: boolean;
  cursor: boolean;
  /** Whether it was cut, which dims it. */
  faint: boolean;
  /** The time that is shown, in milliseconds since 1970; 0 for none. */
  when: number;
  /** Its new name, while it is being renamed. */
  draft: Draft | undefined;
  onDrag: (e: DragEvent) => void;
  onRenamed: (to: string | undefined, here: boolean) => void;
  onClick: (e: MouseEvent) => void;
  onOpen: () => void;
  onToggle: () => void;
}

/** An entry of a listing. */
export function Row(props: RowProps): ReactElement {
  const { dir, item, index, selected, cursor } = props;
  const directory = item.type === "DIRECTORY";
  const name = item.pathSuffix;
  const path = join(dir, name);
  return (
    <div
      id={`row-${index}`}
      className={`grid-row${selected ? " selected" : ""}${cursor ? " cursor" : ""}${props.faint ? " cut-out" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={props.style}
      data-into={directory ? path : undefined}
      draggable={props.draft === undefined}
      onDragStart={props.onDrag}
      onClick={props.onClick}
      onDoubleClick={props.onOpen}
    >
      <span className="c-check" role="gridcell" onDoubleClick={(e) => e.stopPropagation()}>
        {/* A finger that misses the box must not select this entry alone. */}
        <label onClick={(e) => e.stopPropagation()}>
          <input type="checkbox" tabIndex={-1} aria-label={`Select ${visible(name)}`} checked={selected} onChange={props.onToggle} />
        </label>
      </span>
      <span className="c-name" role="gridcell">
        <Icon name={iconOf(name, directory)} />
        {props.draft !== undefined ? (
          <RenameField key={props.draft.id} draft={props.draft} onDone={props.onRenamed} />
        ) : (
          <NameLink path={path} name={name} onOpen={props.onOpen} />
        )}
        {item.aclBit && <span className="tag" title="Has an access list">ACL</span>}
      </span>
      <span className="c-size" role="gridcell">
        {directory ? <span className="faint">{count(item.childrenNum, "item")}</span> : size(item.length)}
      </span>
      <span className="c-changed" role="gridcell" title={exactMoment(props.when)}>
        {moment(props.when)}
      </span>
      <span className="c-owner" role="gridcell" title={`${item.owner}, group ${item.group}`}>
        {item.owner}
      </span>
      <span className="c-mode" role="gridcell">
        <code>{mode(item.permission, directory)}</code>
      </span>
    </div>
  );
}
