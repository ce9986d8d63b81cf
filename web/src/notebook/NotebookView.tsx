import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count, size } from "../format";
import { readPart } from "../look/bytes";
import type { LookProps } from "../look/Look";
import { decode } from "../look/text/decode";
import TextView from "../look/text/TextView";
import { Ways } from "../look/Ways";
import { Failure, Loading, NotRefreshed } from "../parts/states";
import { parentOf } from "../path";
import { useLinked } from "../place";
import { CellView } from "./CellView";
import { readNotebook, type Notebook } from "./read";
import "./notebook.css";

const most = 24 << 20; // bytes of the largest notebook that is shown, including images
const atOnce = 200; // cells

/** A Jupyter notebook as it was saved; nothing in it runs. If it cannot be read, it is shown as text, with the reason. */
export default function NotebookView({ path, status }: LookProps): ReactElement {
  const [as] = useLinked("as");
  const [shown, setShown] = useState(atOnce);
  const tooLong = status.length > most;
  const part = useQuery({
    queryKey: ["notebook", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readPart(path, 0, most, { signal }),
    enabled: as !== "text" && !tooLong,
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const read = useMemo((): Notebook | { fault: string } | undefined => {
    if (part.data === undefined) return undefined;
    const decoded = decode(part.data.bytes, true);
    if (decoded === undefined) return { fault: "This is not a text file." };
    try {
      return readNotebook(decoded.text);
    } catch (e) {
      return { fault: `This notebook cannot be shown: ${wordsFor(e)}.` };
    }
  }, [part.data]);
  const ways = <Ways ways={[["", "Notebook"], ["text", "Text"]]} />;
  if (as === "text") return <TextView path={path} status={status} tools={ways} />;
  if (tooLong || (read !== undefined && "fault" in read)) {
    return (
      <>
        <p className="look-note" role="status">
          {read !== undefined && "fault" in read ? read.fault : `This notebook is too large: it has ${size(status.length)}, and the limit is ${size(most)}.`} It is shown as text.
        </p>
        <TextView path={path} status={status} />
      </>
    );
  }
  if (part.data === undefined && part.error !== null) return <Failure error={part.error} retry={() => void part.refetch()} />;
  if (read === undefined) return <Loading label="Loading notebook" />;
  const { cells, language } = read;
  return (
    <div className="look-page">
      <div className="look-bar">
        {ways}
        <span className="gap" />
        <span className="faint">
          {count(cells.length, "cell")}
          {language !== "" && `, ${language}`}. Saved outputs are shown; nothing is run.
        </span>
      </div>
      <NotRefreshed of={part} />
      <ol className="notebook" aria-label="Cells">
        {cells.slice(0, shown).map((cell, i) => (
          <CellView key={i} number={i + 1} cell={cell} dir={parentOf(path)} language={language} />
        ))}
      </ol>
      {shown < cells.length && (
        <p className="notebook-more">
          {`Only the first ${shown} of ${cells.length.toLocaleString("en")} cells are shown.`}{" "}
          <button type="button" onClick={() => setShown(shown + atOnce)}>
            Show more
          </button>
        </p>
      )}
    </div>
  );
}
