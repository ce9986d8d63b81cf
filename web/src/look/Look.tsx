import { lazy, Suspense, useCallback, useState, type ComponentType, type LazyExoticComponent, type ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { Empty, Loading } from "../parts/states";
import { nameOf, type Path } from "../path";
import { Guard } from "./Guard";
import { kindOf, type Kind } from "./kind";
import { Reread } from "./reread";
import "./look.css";

/** The props of a viewer: the file and its status. */
export interface LookProps {
  path: Path;
  status: FileStatus;
}

/** The viewers, each in its own chunk: modules with `export default function XView(props: LookProps)`. */
const viewers: Record<Exclude<Kind, "empty">, LazyExoticComponent<ComponentType<LookProps>>> = {
  text: lazy(() => import("./text/TextView")),
  markdown: lazy(() => import("./markdown/MarkdownView")),
  json: lazy(() => import("./json/JsonView")),
  image: lazy(() => import("./image/ImageView")),
  svg: lazy(() => import("./image/SvgView")),
  html: lazy(() => import("./HtmlView")),
  media: lazy(() => import("./media/MediaView")),
  csv: lazy(() => import("../tables/CsvView")),
  parquet: lazy(() => import("../tables/ParquetView")),
  notebook: lazy(() => import("../notebook/NotebookView")),
  tensors: lazy(() => import("../tensors/TensorsView")),
  bytes: lazy(() => import("./BytesView")),
};

interface LookAtProps extends LookProps {
  /** Whether the status was read when the page was opened, and is not a remembered one that is still being read again. */
  sure: boolean;
}

/**
 * The content of a file in a suitable viewer. When the file changes, that is said, and the viewer stays until the user asks for the newer content: what is
 * scrolled to, searched for or played would be lost. Errors of the viewer are shown in its place.
 */
export default function Look(props: LookAtProps): ReactElement {
  return <Held key={props.path} {...props} />;
}

function Held({ path, status, sure }: LookAtProps): ReactElement {
  const [held, setHeld] = useState({ status, sure, shown: status }); // shown: with what the viewer shows, if it has read it again since status
  const kind = kindOf(nameOf(path), held.status.length);
  const changed = !sameContent(held.shown, status);
  // What was remembered from an earlier visit, and what is empty, gives way to what is there now.
  if ((changed && (!held.sure || kind === "empty")) || (sure && !held.sure)) setHeld({ status, sure: sure || held.sure, shown: status });
  const reread = useCallback((shown: FileStatus) => setHeld((was) => ({ ...was, shown })), []);
  return (
    <>
      {changed && (
        <div className="look-note" role="status">
          <span>The file has changed.</span>
          <button type="button" className="link" onClick={() => setHeld({ status, sure: true, shown: status })}>
            Show the new content
          </button>
        </div>
      )}
      <Reread value={reread}>
        <Content path={path} status={held.status} kind={kind} />
      </Reread>
    </>
  );
}

function sameContent(a: FileStatus, b: FileStatus): boolean {
  return a.fileId === b.fileId && a.modificationTime === b.modificationTime && a.length === b.length;
}

function Content({ path, status, kind }: LookProps & { kind: Kind }): ReactElement {
  if (kind === "empty") {
    return (
      <Empty icon="file" title="Empty file">
        <p>This file has no content.</p>
      </Empty>
    );
  }
  const Viewer = viewers[kind];
  return (
    <Guard key={`${status.fileId} ${status.modificationTime} ${status.length}`} path={path}>
      <Suspense fallback={<Loading label="Loading viewer" />}>
        <Viewer path={path} status={status} />
      </Suspense>
    </Guard>
  );
}
