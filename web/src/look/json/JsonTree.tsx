import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import { count } from "../../format";
import { copyText } from "../../parts/copyText";
import { Icon } from "../../parts/Icon";
import { toast } from "../../parts/toasts";
import { composing } from "../../shell/keys";
import { JsonLine } from "./JsonLine";
import { find, handful, idOf, openedFor, partsOf, rowsOf, written, type Row, type Value, type Way } from "./tree";
import "./json.css";

interface JsonTreeProps {
  value: Value;
  /** Shown before the tools of the tree. */
  ways: ReactNode;
  /** A note, or "". */
  note: string;
}

const rowHeight = 24; // pixels, as in json.css
const mostFound = 1_000;

/** A JSON tree. Only the lines in view are in the page. */
export function JsonTree({ value, ways, note }: JsonTreeProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlyMap<string, number>>(() => new Map([[idOf([]), handful]]));
  const [cursor, setCursor] = useState(idOf([]));
  const [wanted, setWanted] = useState("");
  const [hit, setHit] = useState(0);
  const looked = useDeferredValue(wanted);
  const found = useMemo(() => (looked === "" ? [] : find(value, looked, mostFound)), [value, looked]);
  const rows = useMemo(() => rowsOf(value, open), [value, open]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 10 });
  const at = Math.max(0, rows.findIndex((row) => row.id === cursor));
  const current = rows[at];

  const to = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return;
    setCursor(row.id);
    virtual.scrollToIndex(rows.indexOf(row));
  };
  const toggle = (row: Row) => {
    const next = new Map(open);
    if (row.kind === "more") next.set(idOf(row.way), (open.get(idOf(row.way)) ?? 0) + handful);
    else if (row.open) next.delete(row.id);
    else if (row.parts !== undefined && row.parts > 0) next.set(row.id, handful);
    setOpen(next);
  };
  const show = (index: number) => {
    const way: Way | undefined = found[(index + found.length) % found.length];
    if (way === undefined) return;
    const next = openedFor(value, way, open);
    setOpen(next);
    setHit((index + found.length) % found.length);
    setCursor(idOf(way));
    const place = rowsOf(value, next).findIndex((row) => row.id === idOf(way));
    requestAnimationFrame(() => virtual.scrollToIndex(place, { align: "center" })); // after the lines have been rendered
  };
  const copyPath = () => {
    if (current === undefined) return;
    const text = written(current.way);
    void copyText(text, `the path is ${text}`).then((copied) => {
      if (copied) toast({ text: `Copied ${text}` });
    });
  };
  const openAll = () => {
    const next = new Map<string, number>();
    const below: [Value, Way][] = [[value, []]];
    for (let left = 2_000, part = below.shift(); part !== undefined && left > 0; part = below.shift(), left--) {
      const [inner, way] = part;
      if (partsOf(inner) === undefined) continue;
      next.set(idOf(way), handful);
      const children = rowsOf(inner, new Map([[idOf([]), handful]])).slice(1);
      for (const child of children) if (child.kind === "value" && child.name !== undefined) below.push([child.value, [...way, child.name]]);
    }
    setOpen(next);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.altKey) return; // Alt ← is the browser's
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 };
    const where = moves[e.key];
    if (where !== undefined) to(where);
    else if (current === undefined) return;
    else if (e.key === "Enter" || e.key === " ") toggle(current);
    else if (e.key === "ArrowRight" && current.kind === "value" && current.parts !== undefined) current.open ? to(at + 1) : toggle(current);
    else if (e.key === "ArrowLeft" && current.kind === "value" && current.open) toggle(current);
    else if (e.key === "ArrowLeft" && current.way.length > 0) to(rows.findIndex((row) => row.id === idOf(current.kind === "more" ? current.way : current.way.slice(0, -1))));
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <>
      <div className="look-bar">
        {ways}
        <button type="button" onClick={openAll}>
          Expand all
        </button>
        <button type="button" onClick={() => setOpen(new Map([[idOf([]), handful]]))}>
          Collapse all
        </button>
        <button type="button" onClick={copyPath} title={current === undefined ? undefined : written(current.way)}>
          <Icon name="copy" /> Copy path
        </button>
        <span className="gap" />
        <input
          type="search"
          aria-label="Find keys and values"
          placeholder="Find keys and values"
          value={wanted}
          onChange={(e) => {
            setWanted(e.target.value);
            setHit(-1);
          }}
          onKeyDown={(e) => {
            if (e.key === "Enter" && !composing(e)) show(e.shiftKey ? hit - 1 : hit + 1);
          }}
        />
        {looked !== "" && (
          <span className="faint" role="status">
            {found.length === 0 ? "No matches" : `${hit < 0 ? "" : `${hit + 1} of `}${count(found.length, "match", "matches")}${found.length === mostFound ? " or more" : ""}`}
          </span>
        )}
      </div>
      {note !== "" && <p className="look-note">{note}</p>}
      <div
        ref={scroller}
        className="json"
        role="tree"
        tabIndex={0}
        aria-label="File contents"
        aria-activedescendant={`json-${at}`}
        onKeyDown={onKeyDown}
      >
        <div className="json-lines" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <JsonLine
                  key={row.id}
                  row={row}
                  index={index}
                  top={start}
                  current={index === at}
                  wanted={looked}
                  onClick={() => {
                    setCursor(row.id);
                    toggle(row);
                  }}
                />
              )
            );
          })}
        </div>
      </div>
    </>
  );
}
