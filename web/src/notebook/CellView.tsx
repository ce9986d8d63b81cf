import type { ReactElement } from "react";
import { Markdown } from "../look/markdown/Markdown";
import type { Path } from "../path";
import { cut } from "./cut";
import { OutputView } from "./OutputView";
import type { Cell } from "./read";
import { Source } from "./Source";

interface CellProps {
  /** The number of the cell, from 1. */
  number: number;
  cell: Cell;
  /** The directory that relative links and images in its Markdown refer to. */
  dir: Path;
  language: string;
}

/** A cell of a notebook, with its outputs. */
export function CellView({ number, cell, dir, language }: CellProps): ReactElement {
  const [source, rest] = cut(cell.source);
  return (
    <li className={`cell cell-of-${cell.kind}`}>
      {cell.kind === "code" && (
        <span className="cell-count" aria-hidden="true">
          {`[${cell.count ?? " "}]`}
        </span>
      )}
      <div className="cell-body">
        {cell.kind === "markdown" ? (
          <Markdown text={source} dir={dir} />
        ) : (
          source !== "" && <Source text={source} language={cell.kind === "code" ? language : ""} label={`${cell.kind === "code" ? "Code" : "Raw text"} of cell ${number}`} />
        )}
        {rest !== "" && <p className="cell-cut">{rest}</p>}
        {cell.outputs.map((output, i) => (
          <OutputView key={i} label={`${i + 1} of cell ${number}`} output={output} dir={dir} />
        ))}
      </div>
    </li>
  );
}
