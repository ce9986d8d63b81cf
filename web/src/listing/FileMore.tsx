import { lazy, Suspense, type ReactElement } from "react";
import { Boundary } from "../parts/Boundary";
import { MoreMenu } from "../parts/MoreMenu";
import type { Path } from "../path";
import { useClose, useLinked } from "../place";
import { inTrash } from "./actions";

const AccessDialog = lazy(() => import("../access/AccessDialog"));
const HistoryDialog = lazy(() => import("../history/HistoryDialog"));
const LabelsDialog = lazy(() => import("../labels/LabelsDialog"));
const LinkDialog = lazy(() => import("../links/LinkDialog"));
const LinesDialog = lazy(() => import("../tokens/LinesDialog"));

/** The menu of further actions on a file. */
export function FileMore({ path }: { path: Path }): ReactElement {
  const [open, setOpen] = useLinked("open");
  const [, setWho] = useLinked("who");
  const close = useClose("open");
  return (
    <>
      <MoreMenu
        items={[
          { label: "Permissions…", icon: "lock", run: () => setOpen("access") },
          {
            label: "Who has access",
            icon: "people",
            run: () => {
              setOpen("access");
              setWho("1", true);
            },
          },
          { label: "Download link…", icon: "share", disabled: inTrash(path), run: () => setOpen("link") },
          { label: "Description and tags…", icon: "text", run: () => setOpen("labels") },
          { label: "Use from Python…", icon: "code", run: () => setOpen("lines") },
          { label: "History", icon: "clock", run: () => setOpen("history") },
        ]}
      />
      <Boundary of={open} onClose={close}>
        <Suspense>
          {open === "access" && <AccessDialog paths={[path]} onClose={close} />}
          {open === "labels" && <LabelsDialog path={path} onClose={close} />}
          {open === "link" && <LinkDialog path={path} onClose={close} />}
          {open === "history" && <HistoryDialog path={path} onClose={close} />}
          {open === "lines" && <LinesDialog spot={{ path, directory: false }} onClose={close} />}
        </Suspense>
      </Boundary>
    </>
  );
}
