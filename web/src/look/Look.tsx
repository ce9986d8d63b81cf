import { lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactElement } from "react";
import type { FileStatus } from "../api/client";
import { Empty, Loading } from "../parts/states";
import { nameOf, type Path } from "../path";
import { Guard } from "./Guard";
import { kindOf, type Kind } from "./kind";
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
  bytes: lazy(() => import("./BytesView")),
};

/** The content of a file in a suitable viewer. Errors of the viewer are shown in its place. */
export default function Look({ path, status }: LookProps): ReactElement {
  const kind = kindOf(nameOf(path), status.length);
  if (kind === "empty") {
    return (
      <Empty icon="file" title="Empty file">
        <p>This file has no content.</p>
      </Empty>
    );
  }
  const Viewer = viewers[kind];
  return (
    <Guard key={`${path} ${status.modificationTime}`} path={path}>
      <Suspense fallback={<Loading label="Loading viewer" />}>
        <Viewer path={path} status={status} />
      </Suspense>
    </Guard>
  );
}
