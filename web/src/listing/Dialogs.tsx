import { lazy, Suspense, useEffect, type ReactElement } from "react";
import { Boundary } from "../parts/Boundary";
import type { Path } from "../path";
import { DeleteDialog } from "./DeleteDialog";
import { NewFolder } from "./NewFolder";
import type { OpenDialog } from "./useDialog";

const AccessDialog = lazy(() => import("../access/AccessDialog"));
const MoveDialog = lazy(() => import("../moving/MoveDialog"));
const HistoryDialog = lazy(() => import("../history/HistoryDialog"));
const LabelsDialog = lazy(() => import("../labels/LabelsDialog"));
const LinkDialog = lazy(() => import("../links/LinkDialog"));
const LinesDialog = lazy(() => import("../tokens/LinesDialog"));
const ShareDialog = lazy(() => import("../shares/ShareDialog"));

interface DialogsProps {
  dir: Path;
  dialog: OpenDialog;
  /** Whether a path of the directory is a file. */
  isFile: (path: Path) => boolean;
  /** Whether dir has an entry of this name. */
  taken: (name: string) => boolean;
  /** Called with the name of a directory that was created in dir. */
  onMade: (name: string) => void;
}

/** The dialog that is open on a directory's page. */
export function Dialogs({ dir, dialog, isFile, taken, onMade }: DialogsProps): ReactElement | null {
  const { open, about, close } = dialog;
  const lost = open !== "" && about === undefined;
  useEffect(() => {
    if (lost) close();
  }, [lost, close]);
  if (about === undefined) return null;
  return (
    <Boundary of={open} onClose={close}>
      <Suspense>
        <Opened dir={dir} dialog={{ ...dialog, about }} isFile={isFile} taken={taken} onMade={onMade} />
      </Suspense>
    </Boundary>
  );
}

function Opened({ dir, dialog: { open, about, close }, isFile, taken, onMade }: DialogsProps & { dialog: { about: readonly Path[] } }): ReactElement | null {
  const [first = dir] = about;
  switch (open) {
    case "folder":
      return (
        <NewFolder
          dir={dir}
          taken={taken}
          onClose={close}
          onMade={(name) => {
            close();
            onMade(name);
          }}
        />
      );
    case "delete":
      return first === dir ? null : <DeleteDialog paths={about} onClose={close} />;
    case "move":
    case "copy":
      return <MoveDialog deed={open} paths={about} onClose={close} />;
    case "access":
      return <AccessDialog paths={about} onClose={close} />;
    case "history":
      return <HistoryDialog path={first} onClose={close} />;
    case "labels":
      return <LabelsDialog path={first} onClose={close} />;
    case "link":
      return isFile(first) ? <LinkDialog path={first} onClose={close} /> : null;
    case "lines":
      return <LinesDialog spot={{ path: first, directory: !isFile(first) }} onClose={close} />;
    case "share":
      return <ShareDialog path={first} onClose={close} />;
  }
  return null;
}
