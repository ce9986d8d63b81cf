import type { ReactElement, ReactNode } from "react";
import { wordsFor, type FileStatus } from "../api/client";
import { count } from "../format";
import { useClip } from "../moving/clipboard";
import { useCommands } from "../parts/commands";
import { Icon } from "../parts/Icon";
import { MoreMenu } from "../parts/MoreMenu";
import { toast } from "../parts/toasts";
import type { Path } from "../path";
import { go, isAt } from "../place";
import { trashOf } from "../trash/discard";
import { inTrash } from "./actions";

/** The actions of the tools, on the directory or on the selected entries. */
export interface Deeds {
  newFolder: () => void;
  upload: () => void;
  uploadFolder: () => void;
  share: () => void;
  /** Shows the permissions. */
  access: () => void;
  /** Shows who has access, and why. */
  who: () => void;
  download: (format?: "zip" | "tar") => void;
  rename: () => void;
  discard: () => void;
  restore: () => void;
  move: () => void;
  copy: () => void;
  /** Cuts or copies the selected entries, to be pasted elsewhere. */
  cut: () => void;
  keep: () => void;
  paste: () => void;
  showSizes: () => void;
  showDeleted: () => void;
  /** Shows the description and the tags. */
  label: () => void;
  /** Creates a download link to the selected file. */
  link: () => void;
  /** Shows how to use it from programs. */
  showLines: () => void;
  /** Shows its history. */
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

/**
 * The tools above a listing: actions on the directory, or on the selected entries if there are any. They are a group and no toolbar, whose arrow keys the fields in
 * it need for themselves.
 */
export function Tools({ dir, chosen, restorable, deletesForGood, filter, deeds }: ToolsProps): ReactElement {
  return (
    <div className="tools" role="group" aria-label="Actions">
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
      if (isAt({ at: "files", path: dir })) go({ at: "files", path: trash }); // the user may have gone elsewhere meanwhile
    } catch (e) {
      toast({ text: wordsFor(e), tone: "bad" });
    }
  };
  useCommands([
    { label: "Upload files", icon: "upload", keys: "U", run: deeds.upload },
    { label: "New folder", icon: "plus", keys: "N", run: deeds.newFolder },
    { label: "Share this folder", icon: "share", keys: "S", run: deeds.share },
    { label: "Permissions of this folder", icon: "lock", keys: "P", run: deeds.access },
    { label: "Who has access to this folder", icon: "people", run: deeds.who },
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
          <Icon name="copy" /> Paste {count(clip.paths.length, "item")}
        </button>
      )}
      <MoreMenu
        items={[
          { label: "Upload a folder", icon: "upload", run: deeds.uploadFolder },
          "line",
          { label: "Download this folder as zip", icon: "download", disabled: top, run: () => deeds.download("zip") },
          { label: "Download this folder as tar", icon: "download", disabled: top, run: () => deeds.download("tar") },
          { label: "Move this folder…", icon: "right", disabled: top, run: deeds.move },
          { label: "Copy this folder…", icon: "copy", disabled: top, run: deeds.copy },
          "line",
          { label: "Permissions…", icon: "lock", keys: "P", run: deeds.access },
          { label: "Who has access", icon: "people", run: deeds.who },
          { label: "Description and tags…", icon: "text", disabled: top, run: deeds.label },
          { label: "Use from Python…", icon: "code", run: deeds.showLines },
          { label: "History", icon: "clock", run: deeds.showHistory },
          { label: "Storage used", icon: "chart", run: deeds.showSizes },
          { label: "Show deleted items", icon: "again", disabled: inTrash(dir) || top, run: deeds.showDeleted },
          { label: "Open trash", icon: "trash", disabled: inTrash(dir), run: () => void openTrash() },
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
    { label: "Download selected items", icon: "download", run: () => deeds.download() },
    { label: "Move selected items…", icon: "right", keys: "M", run: deeds.move },
    { label: "Permissions of selected items", icon: "lock", keys: "P", run: deeds.access },
    { label: "Rename selected item", icon: "rename", keys: "F2", disabled: one === undefined, run: deeds.rename },
    { label: deletesForGood ? "Delete selected items for good" : "Move selected items to the trash", icon: "trash", keys: "Delete", run: deeds.discard },
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
            { label: "Who has access", icon: "people", run: deeds.who },
            ...(one.type === "FILE" ? [{ label: "Download link…", icon: "share", disabled: restorable, run: deeds.link } as const] : []),
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
