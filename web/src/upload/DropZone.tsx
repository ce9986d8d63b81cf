import { useEffect, useState, type DragEvent, type ReactElement, type ReactNode } from "react";
import { Icon } from "../parts/Icon";
import { PathText } from "../parts/PathText";
import type { Path } from "../path";
import { uploadDropped } from "./pick";

/** Accepts files and folders that are dropped on its children, and shows during the drag where they would go. */
export function DropZone({ dir, children }: { dir: Path; children: ReactNode }): ReactElement {
  const [depth, setDepth] = useState(0); // the number of nested elements that the drag is in
  const dragging = depth > 0;
  useEffect(() => {
    if (!dragging) return undefined;
    // The end of a drag is not heard of if the element below it has gone in the meantime, such as a row. There are no pointer events during a drag.
    const over = () => setDepth(0);
    window.addEventListener("pointermove", over);
    return () => window.removeEventListener("pointermove", over);
  }, [dragging]);
  const files = (e: DragEvent) => e.dataTransfer.types.includes("Files");
  return (
    <div
      className="drop-zone"
      onDragEnter={(e) => files(e) && setDepth((n) => n + 1)}
      onDragLeave={(e) => files(e) && setDepth((n) => Math.max(0, n - 1))}
      onDragOver={(e) => {
        if (!files(e)) return;
        e.preventDefault();
        e.dataTransfer.dropEffect = "copy";
      }}
      onDrop={(e) => {
        if (!files(e)) return;
        e.preventDefault();
        setDepth(0);
        void uploadDropped(dir, e.dataTransfer.items);
      }}
    >
      {children}
      {dragging && (
        <div className="drop-sign">
          <Icon name="upload" />
          <span>
            Upload to <PathText path={dir} />
          </span>
        </div>
      )}
    </div>
  );
}
