import { useMemo, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count } from "../format";
import { Crumbs } from "../listing/Crumbs";
import { Empty, Failure, Loading } from "../parts/states";
import type { Path } from "../path";
import { useTheme } from "../shell/theme";
import { useChoice } from "./choice";
import CurveTabs from "./CurveTabs";
import { Images } from "./Images";
import { strokeOf } from "./palette";
import { RunList } from "./RunList";
import { useRuns, useRunTags, type RunList as Runs } from "./runs";
import { Notes } from "./Notes";
import { Scalars } from "./Scalars";
import { TensorBoard } from "./TensorBoard";
import "./curves.css";

/** Curves or images that training runs have written in and below a directory. They are updated while the page is visible. */
export default function Curves({ dir, tab }: { dir: Path; tab: "scalars" | "images" }): ReactElement {
  const runs = useRuns(dir);
  const [open, setOpen] = useState(false);
  return (
    <div className="curves">
      <Crumbs path={dir} />
      <CurveTabs dir={dir} at={tab} sure>
        <button type="button" aria-label="Open in TensorBoard" onClick={() => setOpen(true)}>
          <span className="only-wide">Open in</span> TensorBoard
        </button>
      </CurveTabs>
      {open && <TensorBoard dir={dir} onClose={() => setOpen(false)} />}
      {runs.data !== undefined ? (
        <Found dir={dir} tab={tab} list={runs.data} lost={runs.error} />
      ) : runs.isPending ? (
        <Loading label="Loading runs" />
      ) : (
        <Failure error={runs.error} retry={() => void runs.refetch()} />
      )}
    </div>
  );
}

function Found({ dir, tab, list, lost }: { dir: Path; tab: "scalars" | "images"; list: Runs; lost: unknown }): ReactElement {
  const [theme] = useTheme();
  const tags = useRunTags(dir, list);
  const [shown, show] = useChoice(list.runs);
  const visibleRuns = useMemo(() => list.runs.filter((run) => shown.has(run.run)), [list.runs, shown]);
  const names = list.runs.map((run) => run.run).join("\0");
  // It depends on the theme, too, which defines the colours.
  const strokes = useMemo(() => new Map(names.split("\0").map((run, i) => [run, strokeOf(i)])), [names, theme]);
  if (list.runs.length === 0) {
    return (
      <>
        <Notes list={list} />
        <Empty icon="chart" title={list.partial || list.refused > 0 ? "No runs found" : "No runs here"}>
          <p>A run is a folder with event files. Write them here, for example with TensorBoard’s SummaryWriter, and the curves will appear automatically.</p>
        </Empty>
      </>
    );
  }
  const notes = <Notes list={list} tags={tags.isPlaceholderData ? undefined : tags.data} />;
  return (
    <>
      <div className="curves-body">
        <RunList runs={list.runs} shown={shown} onShow={show} strokes={strokes} />
        <div className="curves-main">
          {tags.data === undefined ? (
            tags.isError ? (
              <Failure error={tags.error} retry={() => void tags.refetch()} />
            ) : (
              <Loading label="Loading tags" />
            )
          ) : tab === "scalars" ? (
            <Scalars dir={dir} tags={tags.data.scalars} runs={visibleRuns} strokes={strokes} theme={theme} notes={notes} />
          ) : (
            <Images dir={dir} tags={tags.data.images} runs={visibleRuns} strokes={strokes} notes={notes} />
          )}
        </div>
      </div>
      <div className="status" role="status">
        {lost !== null ? `These curves may be out of date. ${wordsFor(lost)}` : `${shown.size.toLocaleString("en")} of ${count(list.runs.length, "run")} shown`}
      </div>
    </>
  );
}
