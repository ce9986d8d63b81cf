import type { ReactElement } from "react";
import type { Project } from "../api/client";
import type { Path } from "../path";
import { go } from "../place";
import Tree from "./Tree";

/** The tree of the caller's projects and their directories in the sidebar. */
export default function ProjectTree({ projects, current }: { projects: readonly Project[]; current: Path | undefined }): ReactElement {
  return (
    <Tree
      label="Projects and their folders"
      roots={projects.map((p) => ({ path: p.path, label: p.name, icon: "project" }))}
      current={current}
      onChoose={(path) => go({ at: "files", path })}
      chooses="page"
    />
  );
}
