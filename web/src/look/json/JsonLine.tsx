import type { ReactElement } from "react";
import { count } from "../../format";
import { Icon } from "../../parts/Icon";
import { visible } from "../../path";
import { exact } from "./read";
import { holds, inShort, textOf, type Row, type Value } from "./tree";

interface JsonLineProps {
  row: Row;
  index: number;
  top: number;
  current: boolean;
  /** The text that is searched for, or "". */
  wanted: string;
  onClick: () => void;
}

const indent = 18; // pixels

/** A line of a JSON tree. */
export function JsonLine({ row, index, top, current, wanted, onClick }: JsonLineProps): ReactElement {
  const depth = row.way.length + (row.kind === "more" ? 1 : 0);
  const opens = row.kind === "value" && row.parts !== undefined && row.parts > 0;
  return (
    <div
      id={`json-${index}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.of}
      aria-expanded={opens ? row.open : undefined}
      aria-selected={current}
      className={`json-line${current ? " current" : ""}`}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 10 + depth * indent }}
      onClick={onClick}
    >
      {row.kind === "more" ? (
        <span className="json-more">Show more ({row.rest.toLocaleString("en")} left)</span>
      ) : (
        <>
          <span className="json-sign">{opens && <Icon name={row.open ? "down" : "right"} />}</span>
          {row.name !== undefined && (
            <span className={`json-name${typeof row.name === "number" ? " json-place" : ""}${typeof row.name === "string" && holds(row.name, wanted) ? " json-found" : ""}`}>
              <bdi>{typeof row.name === "number" ? row.name : visible(row.name)}</bdi>
            </span>
          )}
          <span className={`json-${kindOf(row.value)}${row.parts === undefined && holds(textOf(row.value), wanted) ? " json-found" : ""}`}>
            <bdi>{visible(inShort(row.value))}</bdi>
          </span>
          {opens && <span className="faint">{Array.isArray(row.value) ? count(row.parts ?? 0, "element") : count(row.parts ?? 0, "key")}</span>}
        </>
      )}
    </div>
  );
}

function kindOf(value: Value): "string" | "number" | "word" | "parts" {
  if (typeof value === "string") return "string";
  if (typeof value === "number" || exact(value)) return "number";
  return value === null || typeof value === "boolean" ? "word" : "parts";
}
