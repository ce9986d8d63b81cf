import { useEffect, type ReactElement } from "react";
import { count, size } from "../format";
import { Icon } from "../parts/Icon";
import { visible } from "../path";
import { bounds, type Footer } from "./footer";
import { atOnce, fittingColumns, type ParquetRows, type Refusal } from "./ParquetRows";
import { useShown } from "./TableView";

const listed = 12; // columns whose sizes are listed

/** Shown in place of rows that are too large to read: the reason, the size of each column, and a choice of columns that would fit. */
export function TooMuch({ refusal, rows, footer }: { refusal: Refusal; rows: ParquetRows; footer: Footer }): ReactElement {
  const [shown, choose] = useShown(rows);
  useEffect(() => rows.choose(shown), [rows, shown]);
  const group = footer.groups[refusal.group];
  if (group === undefined) return <></>;
  const fitting = fittingColumns(group, shown);
  const bySize = [...shown].sort((a, b) => atOnce(group, [b]) - atOnce(group, [a]));
  return (
    <div className="table-much">
      <h2>Too much data to load at once</h2>
      <p>
        Rows {(group.first + 1).toLocaleString("en")} to {(group.first + group.rows).toLocaleString("en")} form one row group. Its selected columns take up{" "}
        {size(refusal.bytes)}, and the file has no page index for reading only part of them. The limit is {size(bounds.fetch)}.
      </p>
      <ul className="table-costs" aria-label="Sizes of the columns">
        {bySize.slice(0, listed).map((column) => (
          <li key={column}>
            <bdi className="cut">{visible(footer.fields[column]?.name ?? "")}</bdi>
            <span className="faint">{footer.fields[column]?.type}</span>
            <span>{size(atOnce(group, [column]))}</span>
          </li>
        ))}
      </ul>
      {bySize.length > listed && <p className="faint">And {count(bySize.length - listed, "smaller column")}.</p>}
      {fitting.length > 0 ? (
        <button type="button" className="primary" onClick={() => choose(fitting)}>
          <Icon name="table" /> Show {fitting.length === 1 ? "the column" : `the ${count(fitting.length, "column")}`} that {fitting.length === 1 ? "fits" : "fit"}
        </button>
      ) : (
        <p>Each of these columns is too large on its own. Choose other columns, or download the file.</p>
      )}
    </div>
  );
}
