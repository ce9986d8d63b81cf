import { useQueryClient } from "@tanstack/react-query";
import { useContext, useState, type ReactElement, type ReactNode } from "react";
import { wordsFor } from "../../api/client";
import { count, size } from "../../format";
import { readStatus, statusKey } from "../../listing/status";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/states";
import { nameOf } from "../../path";
import { useLinked } from "../../place";
import { Hex } from "../Hex";
import type { LookProps } from "../Look";
import { Reread } from "../reread";
import { Code } from "./Code";
import { useText } from "./useText";

/** A file as text, with tools. If it turns out not to be text, it is shown as bytes. */
export default function TextView({ path, status, tools }: LookProps & { tools?: ReactNode }): ReactElement {
  const [lineText, setLine] = useLinked("line");
  const [wrapped, setWrapped] = useLinked("wrap");
  const [from, setFrom] = useLinked("from");
  const [finding, setFinding] = useState(0);
  const queries = useQueryClient();
  const reread = useContext(Reread);
  const end = from === "end";
  const text = useText(path, status, end);
  const reload = async () => {
    const asked = Date.now();
    const now = await readStatus(path).catch(() => undefined); // before the text, which then is of this state, or of a newer one
    if (!(await text.again()) || now === undefined) return;
    if ((queries.getQueryState(statusKey(path))?.dataUpdatedAt ?? 0) < asked) queries.setQueryData(statusKey(path), now);
    reread(now);
  };
  const line = /^\d{1,9}$/.test(lineText) ? Number(lineText) : 0;
  if (text.pending) return <Loading label="Loading file" />;
  if (text.error !== null && text.text === undefined) return <Failure error={text.error} retry={() => void text.again()} />;
  if (text.text === undefined) {
    return (
      <div className="look-page">
        <p className="look-note">
          This is not a text file. {text.head.length < text.total ? `These are the first ${size(text.head.length)} of ${size(text.total)}.` : "These are its bytes."}
        </p>
        <Hex bytes={text.head} />
      </div>
    );
  }
  const partial = text.to - text.from < text.total;
  const lines = text.text.split("\n").length;
  return (
    <div className="look-page filled">
      <div className="look-bar">
        {tools}
        <button type="button" onClick={() => setFinding(finding + 1)}>
          <Icon name="search" /> Find
        </button>
        <button type="button" aria-pressed={wrapped === ""} onClick={() => setWrapped(wrapped === "" ? "no" : "", true)}>
          Wrap lines
        </button>
        {(end || partial) && (
          <button type="button" aria-pressed={end} onClick={() => setFrom(end ? "" : "end", true)}>
            Show end
          </button>
        )}
        <button type="button" className="square" aria-label="Reload" title="Reload" disabled={text.reading} onClick={() => void reload()}>
          <Icon name="again" />
        </button>
        <span className="gap" />
        <span className="faint">{text.guessed ? `not UTF-8, shown as ${text.encoding}` : text.encoding}</span>
      </div>
      {(partial || text.cut > 0 || text.error !== null || (line > lines && !end)) && (
        <div className="look-note" role="status">
          {partial && <span>{`Only the ${end ? "last" : "first"} ${size(text.to - text.from)} of ${size(text.total)} are shown.`}</span>}
          {text.cut > 0 && <span>{`${count(text.cut, "line is", "lines are")} too long and cut off.`}</span>}
          {line > lines && !end && <span>{partial ? `Line ${line.toLocaleString("en")} is not loaded yet.` : `There is no line ${line.toLocaleString("en")}.`}</span>}
          {text.error !== null && <span className="fault">{wordsFor(text.error)}</span>}
          {text.more !== undefined && (
            <button type="button" className="link" disabled={text.reading} onClick={text.more}>
              {text.reading ? "Loading…" : "Show more"}
            </button>
          )}
          {partial && text.more === undefined && !end && <span>Download the file to see the rest.</span>}
        </div>
      )}
      <Code
        key={String(end)}
        text={text.text}
        name={nameOf(path)}
        wrap={wrapped === ""}
        numbered={text.from === 0}
        line={end ? 0 : line}
        onLine={(n) => setLine(String(n), true)}
        at={end ? "end" : "start"}
        finding={finding}
      />
    </div>
  );
}
