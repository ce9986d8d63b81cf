import type { ReactElement, ReactNode } from "react";
import { wordsFor, type FileStatus } from "../api/client";
import { count } from "../format";
import { useClip } from "../moving/clipboard";
import { useCommands } from "../parts/commands";
import { Icon } from "../parts/Icon";
import { MoreMenu } from "../parts/MoreMenu";
import { toast } from "../parts/toasts";
import type { Path } from "../path";
import { go } from "../place";
import { trashOf } from "../trash/discard";
import { inTrash } from "./actions";

/** What the buttons above a listing do: with the directory, or with what is selected in it. */
export interface Deeds {
  newFolder: () => void;
  upload: () => void;
  uploadFolder: () => void;
  share: () => void;
  /** Who may do what with it. */
  access: () => void;
  /** Who can see it, and why. */
  who: () => void;
  download: (format?: "zip" | "tar") => void;
  rename: () => void;
  discard: () => void;
  restore: () => void;
  move: () => void;
  copy: () => void;
  /** Keeps what is selected to be pasted elsewhere. */
  cut: () => void;
  keep: () => void;
  paste: () => void;
  showSizes: () => void;
  showDeleted: () => void;
  /** Shows the description and the tags. */
  label: () => void;
  /** Says how programs use it. */
  showLines: () => void;
  /** Says what happened to it. */
  showHistory: () => void;
}

interface ToolsProps {
  dir: Path;
  chosen: readonly FileStatus[];
  restorable: boolean;
  deletesForGood: boolean;
  filter: ReactNode;
  deeds: Deeds;
}

/** The row of buttons above a listing: what can be done with the directory, or with what is selected in it. */
export function Tools({ dir, chosen, restorable, deletesForGood, filter, deeds }: ToolsProps): ReactElement {
  return (
    <div className="tools" role="toolbar" aria-label="What can be done here">
      {chosen.length === 0 ? (
        <WithDirectory dir={dir} deeds={deeds} />
      ) : (
        <WithChosen chosen={chosen} restorable={restorable} deletesForGood={deletesForGood} deeds={deeds} />
      )}
      <span className="gap" />
      {filter}
    </div>
  );
}

function WithDirectory({ dir, deeds }: { dir: Path; deeds: Deeds }): ReactElement {
  const clip = useClip();
  const top = dir === "/" || dir === "/Projects";
  const openTrash = async () => {
    try {
      const trash = await trashOf(dir);
      go({ at: "files", path: trash });
    } catch (e) {
      toast({ text: wordsFor(e), tone: "bad" });
    }
  };
  useCommands([
    { label: "Upload files", icon: "upload", keys: "U", run: deeds.upload },
    { label: "New folder", icon: "plus", keys: "N", run: deeds.newFolder },
    { label: "Share this folder", icon: "share", keys: "S", run: deeds.share },
    { label: "Permissions of this folder", icon: "lock", keys: "P", run: deeds.access },
    { label: "Who can see this folder, and why", icon: "people", run: deeds.who },
  ]);
  return (
    <>
      <button type="button" className="primary" onClick={deeds.upload}>
        <Icon name="upload" /> Upload
      </button>
      <button type="button" onClick={deeds.newFolder}>
        <Icon name="plus" /> New folder
      </button>
      <button type="button" onClick={deeds.share}>
        <Icon name="share" /> Share
      </button>
      {clip !== undefined && (
        <button type="button" onClick={deeds.paste}>
          <Icon name="copy" /> Paste {count(clip.paths.length, "entry", "entries")}
        </button>
      )}
      <MoreMenu
        items={[
          { label: "Upload a folder", icon: "upload", run: deeds.uploadFolder },
          "line",
          { label: "Download it as zip", icon: "download", disabled: top, run: () => deeds.download("zip") },
          { label: "Download it as tar", icon: "download", disabled: top, run: () => deeds.download("tar") },
          { label: "Move it to…", icon: "right", disabled: top, run: deeds.move },
          { label: "Copy it to…", icon: "copy", disabled: top, run: deeds.copy },
          "line",
          { label: "Permissions…", icon: "lock", keys: "P", run: deeds.access },
          { label: "Who can see it, and why", icon: "people", run: deeds.who },
          { label: "Description and tags…", icon: "text", disabled: top, run: deeds.label },
          { label: "Use from Python…", icon: "code", run: deeds.showLines },
          { label: "History", icon: "clock", run: deeds.showHistory },
          { label: "What takes the space", icon: "chart", run: deeds.showSizes },
          { label: "Show what was deleted here", icon: "again", disabled: inTrash(dir) || top, run: deeds.showDeleted },
          { label: "Open the trash", icon: "trash", disabled: inTrash(dir), run: () => void openTrash() },
        ]}
      />
    </>
  );
}

interface WithChosenProps {
  chosen: readonly FileStatus[];
  restorable: boolean;
  deletesForGood: boolean;
  deeds: Deeds;
}

function WithChosen({ chosen, restorable, deletesForGood, deeds }: WithChosenProps): ReactElement {
  const one = chosen.length === 1 ? chosen[0] : undefined;
  useCommands([
    { label: "Download what is selected", icon: "download", run: () => deeds.download() },
    { label: "Move what is selected to…", icon: "right", keys: "M", run: deeds.move },
    { label: "Permissions of what is selected", icon: "lock", keys: "P", run: deeds.access },
    { label: "Rename what is selected", icon: "rename", keys: "F2", disabled: one === undefined, run: deeds.rename },
    { label: deletesForGood ? "Delete what is selected for good" : "Move what is selected to the trash", icon: "trash", keys: "Delete", run: deeds.discard },
  ]);
  return (
    <>
      {restorable && (
        <button type="button" className="primary" onClick={deeds.restore}>
          <Icon name="again" /> Restore
        </button>
      )}
      <button type="button" onClick={() => deeds.download()}>
        <Icon name="download" /> Download
      </button>
      <button type="button" onClick={deeds.move}>
        <Icon name="right" /> Move
      </button>
      {one !== undefined && (
        <button type="button" onClick={deeds.rename}>
          <Icon name="rename" /> Rename
        </button>
      )}
      {one?.type === "DIRECTORY" && (
        <button type="button" onClick={deeds.share}>
          <Icon name="share" /> Share
        </button>
      )}
      <button type="button" className="danger" onClick={deeds.discard}>
        <Icon name="trash" /> {deletesForGood ? "Delete for good" : "Move to trash"}
      </button>
      <MoreMenu
        items={[
          { label: "Copy to…", icon: "copy", run: deeds.copy },
          { label: "Cut", keys: "Ctrl X", run: deeds.cut },
          { label: "Copy", keys: "Ctrl C", run: deeds.keep },
          { label: "Permissions…", icon: "lock", keys: "P", run: deeds.access },
          ...(one === undefined ? [] : ([
            { label: "Who can see it, and why", icon: "people", run: deeds.who },
            { label: "Description and tags…", icon: "text", run: deeds.label },
            { label: "Use from Python…", icon: "code", run: deeds.showLines },
            { label: "History", icon: "clock", run: deeds.showHistory },
          ] as const)),
          "line",
          { label: "Download as zip", icon: "download", run: () => deeds.download("zip") },
          { label: "Download as tar", icon: "download", run: () => deeds.download("tar") },
        ]}
      />
    </>
  );
}
