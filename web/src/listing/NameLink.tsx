import type { ReactElement } from "react";
import { visible, visibleName, type Path } from "../path";
import { hrefOf } from "../place";

/** The name of an entry as a link that opens it. A click with Ctrl or Shift is left to the element around it, which selects. */
export function NameLink({ path, name, onOpen }: { path: Path; name: string; onOpen: () => void }): ReactElement {
  return (
    <a
      href={hrefOf({ at: "files", path })}
      tabIndex={-1}
      draggable={false}
      title={visible(name)}
      onClick={(e) => {
        e.preventDefault();
        if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
        e.stopPropagation();
        onOpen();
      }}
    >
      <bdi>{visibleName(name)}</bdi>
    </a>
  );
}
