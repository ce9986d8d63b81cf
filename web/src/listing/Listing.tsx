import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState, type ReactElement, type ReactNode } from "react";
import type { FileStatus } from "../api/client";
import { curvesIn } from "../curves/detect";
import { isPicture } from "../look/kind";
import { readmeIn } from "../look/readme";
import { keep, paste, useClip } from "../moving/clipboard";
import { beginDrag } from "../moving/drag";
import { Boundary } from "../parts/Boundary";
import { whenLoaded } from "../parts/fault";
import { Failure, Loading } from "../parts/states";
import { join, nameOf, parentOf, type Path } from "../path";
import { go, plainView, useAddress, useLinked, type SortKey, type View } from "../place";
import { useDeletionTimes } from "../trash/times";
import { forgetDirectories } from "../tree/useDirectories";
import { DropZone } from "../upload/DropZone";
import { pickFiles, pickFolder } from "../upload/pick";
import { deletedFrom, downloadAddress, moveToTrash, restore } from "./actions";
import { Dialogs } from "./Dialogs";
import { draftOf, type Draft } from "./draft";
import { EmptyDirectory } from "./EmptyDirectory";
import { Filter } from "./Filter";
import { Grid } from "./Grid";
import { Head } from "./Head";
import { useLiveListing } from "./live";
import { readAgain } from "./reread";
import { follow } from "./selection";
import { gridView, Shape } from "./Shape";
import { SortMenu } from "./SortMenu";
import { StatusLine } from "./StatusLine";
import { Tools, type Deeds } from "./Tools";
import { useArranged } from "./useArranged";
import { useDialog } from "./useDialog";
import { useForGood } from "./useForGood";
import { useListing } from "./useListing";
import { useListingKeys } from "./useListingKeys";

const CurveTabs = lazy(() => import("../curves/CurveTabs"));
const DeletedHere = lazy(() => import("../trash/DeletedHere"));
const ReadmePanel = lazy(() => import("../look/markdown/ReadmePanel"));
const Tiles = lazy(() => import("./tiles/Tiles"));
const Sizes = lazy(() => import("../storage/Sizes"));

/** The page of a directory, with everything that can be done in it. from is the entry that the user comes back from, where the cursor begins. */
export function Listing({ dir, from }: { dir: Path; from?: string | undefined }): ReactElement {
  const { view } = useAddress();
  const queries = useQueryClient();
  const entries = useListing(dir);
  useLiveListing(dir);
  const dialog = useDialog(dir);
  const [shape, setShape] = useLinked("view");
  const { shown, total, found, rest, selection, select, chosen } = useArranged(entries, view, shape === "grid", from);
  const [, setWho] = useLinked("who");
  const [deleted, setDeleted] = useLinked("deleted");
  const deletedAt = useDeletionTimes(dir);
  const readme = useMemo(() => readmeIn(entries.items), [entries.items]);
  const pictures = useMemo(() => entries.items.some(isPicture), [entries.items]);
  const Laid = shape === "grid" ? Tiles : Grid;
  const [draft, setDraft] = useState<Draft>();
  if (draft !== undefined && draft.dir !== dir) setDraft(undefined);
  const curves = useMemo(() => curvesIn(dir, entries), [dir, entries.items, entries.whole, entries.total]);
  const deletesForGood = useForGood(dir);

  const names = chosen.map((item) => item.pathSuffix);
  const paths = names.map((name) => join(dir, name));
  const about = paths.length === 0 ? [dir] : paths;
  const clip = useClip();
  const faint = useMemo(() => new Set(clip?.deed === "move" ? clip.paths.filter((path) => parentOf(path) === dir).map(nameOf) : []), [clip, dir]);
  const look = (change: Partial<View>) => go({ at: "files", path: dir }, { ...view, ...change }, true);
  const sort = (key: SortKey) => look({ sort: key, descending: view.sort === key && !view.descending });
  // A directory opens in the same layout, and "back" returns here.
  const open = (item: FileStatus) => go({ at: "files", path: join(dir, item.pathSuffix) }, shape === "grid" && item.type === "DIRECTORY" ? gridView : plainView);
  const deeds: Deeds = {
    newFolder: () => dialog.show("folder"),
    upload: () => void pickFiles(dir),
    uploadFolder: () => void pickFolder(dir),
    share: () => dialog.show("share", chosen.length === 1 && chosen[0]?.type === "DIRECTORY" ? names : []),
    access: () => dialog.show("access", names),
    who: () => {
      dialog.show("access", names);
      setWho("1", true);
    },
    download: (format) => {
      const [only] = chosen;
      if (format === undefined && chosen.length === 1 && only?.type === "FILE") save(join(dir, only.pathSuffix));
      else whenLoaded(import("../archive/download"), (archive) => void archive.downloadArchive(about, format ?? "zip"));
    },
    rename: () => names[0] !== undefined && setDraft(draftOf(dir, names[0])),
    discard: () => {
      if (paths.length === 0) return;
      if (deletesForGood) dialog.show("delete", names);
      else void moveToTrash(queries, paths);
    },
    restore: () => void restore(queries, paths),
    move: () => dialog.show("move", names),
    copy: () => dialog.show("copy", names),
    cut: () => keep("move", paths),
    keep: () => keep("copy", paths),
    paste: () => paste(dir),
    showSizes: () => setShape("sizes"),
    showDeleted: () => setDeleted("1"),
    label: () => dialog.show("labels", names.slice(0, 1)),
    link: () => dialog.show("link", names.slice(0, 1)),
    showLines: () => dialog.show("lines", chosen.length === 1 ? names : []),
    showHistory: () => dialog.show("history", chosen.length === 1 ? names : []),
  };
  useListingKeys(dir, {
    N: deeds.newFolder,
    U: deeds.upload,
    S: deeds.share,
    P: deeds.access,
    M: deeds.move,
    C: deeds.copy,
    "Ctrl x": deeds.cut,
    "Ctrl c": deeds.keep,
    "Ctrl v": deeds.paste,
  });

  return (
    <DropZone dir={dir}>
      <Head dir={dir} />
      {curves !== "none" && (
        <Beside meanwhile={curves === "here" && <div className="tabs-to-come" />}>
          <CurveTabs dir={dir} at="files" sure={curves === "here"} />
        </Beside>
      )}
      <Tools
        dir={dir}
        chosen={chosen}
        restorable={paths.length > 0 && paths.every((path) => deletedFrom(path) !== undefined)}
        deletesForGood={deletesForGood}
        deeds={deeds}
        filter={
          <>
            {shape !== "sizes" && (shape === "grid" || pictures) && <Shape grid={shape === "grid"} onChange={(grid) => setShape(grid ? "grid" : "")} />}
            {shape === "" && <SortMenu view={view} onSort={sort} look="only-narrow" /> /* where most columns have no room */}
            <Filter value={view.filter} onChange={(filter) => look({ filter })} />
          </>
        }
      />
      {shape === "sizes" ? (
        <Suspense fallback={<Loading label="Calculating sizes" />}>
          <Sizes dir={dir} />
        </Suspense>
      ) : entries.pending ? (
        <Loading label="Loading items" />
      ) : entries.error !== null && entries.items.length === 0 ? (
        <Failure error={entries.error} retry={entries.reload} />
      ) : entries.total === 0 ? (
        <EmptyDirectory dir={dir} />
      ) : (
        <Suspense fallback={<Loading label="Loading items" />}>
          <Laid
            dir={dir}
            shown={shown}
            total={total}
            view={view}
            onSort={sort}
            selection={selection}
            onSelect={select}
            onOpen={open}
            onDelete={deeds.discard}
            onDrag={(e, dragged) => beginDrag(e, dragged.map((name) => join(dir, name)), (into) => dialog.show("move", dragged, into))}
            faint={faint}
            deletedAt={deletedAt}
            draft={draft}
            onRenaming={(name, was) => setDraft((now) => (was !== undefined && now?.name !== was ? now : name === null ? undefined : draftOf(dir, name)))}
          />
        </Suspense>
      )}
      {readme !== undefined && shape !== "sizes" && (
        <Beside>
          <ReadmePanel dir={dir} state={`${readme.fileId}-${readme.modificationTime}`} />
        </Beside>
      )}
      {deleted !== "" && entries.whole && (
        <Beside>
          <DeletedHere dir={dir} entries={entries.items} onClose={() => setDeleted("", true)} />
        </Beside>
      )}
      <StatusLine entries={entries} filtered={view.filter === "" ? undefined : found} chosen={chosen} rest={rest} />
      <Dialogs
        dir={dir}
        dialog={dialog}
        isFile={(path) => entries.items.some((item) => item.type === "FILE" && join(dir, item.pathSuffix) === path)}
        taken={(name) => entries.items.some((item) => item.pathSuffix === name)}
        onMade={(name) => {
          // The present entries stay, with the focus, until the new one has been read. In a long directory that takes a while.
          void readAgain(queries, dir).then(() => select((now) => follow(now, selection, name)));
          forgetDirectories(queries, [join(dir, name)]);
        }}
      />
    </DropZone>
  );
}

function save(path: Path): void {
  const link = document.createElement("a");
  link.href = downloadAddress(path);
  link.download = nameOf(path);
  link.click();
}

/** A part of the page that is loaded separately. If it fails, the listing still works. */
function Beside({ meanwhile, children }: { meanwhile?: ReactNode; children: ReactNode }): ReactElement {
  return (
    <Boundary of="beside" instead={(words) => <p className="beside-fault">{words}</p>}>
      <Suspense fallback={meanwhile}>{children}</Suspense>
    </Boundary>
  );
}
