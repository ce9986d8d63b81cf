import { lazy, Suspense, type ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { count, exactMoment, mode, size } from "../format";
import { PathText } from "../parts/PathText";
import type { Path } from "../path";
import { useLinked } from "../place";

const LabelFacts = lazy(() => import("../labels/LabelFacts"));

/** The panel of a file's properties. */
export function Facts({ path, status }: { path: Path; status: FileStatus }): ReactElement {
  const [, setOpen] = useLinked("open");
  return (
    <aside className="file-facts" aria-label="File details" tabIndex={0}>
      <dl className="facts">
        <dt>Size</dt>
        <dd>
          {status.length < 1000 ? count(status.length, "byte") : size(status.length)} {status.length >= 1000 && <span className="faint">({count(status.length, "byte")})</span>}
        </dd>
        <dt>Changed</dt>
        <dd>{exactMoment(status.modificationTime)}</dd>
        <dt>Owner</dt>
        <dd>
          {status.owner} <span className="faint">group {status.group}</span>
        </dd>
        <dt>Mode</dt>
        <dd>
          <code>{mode(status.permission, false)}</code> {status.aclBit && <span className="tag">access list</span>}
        </dd>
        <dt>Path</dt>
        <dd>
          <PathText path={path} />
        </dd>
      </dl>
      <Suspense>
        <LabelFacts path={path} onEdit={() => setOpen("labels")} />
      </Suspense>
    </aside>
  );
}
