import type { ReactElement } from "react";
import type { SortKey, View } from "../../place";
import { all, type Selection } from "../selection";
import { SortMenu } from "../SortMenu";

interface TilesHeadProps {
  view: View;
  onSort: (sort: SortKey) => void;
  order: readonly string[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
}

/** The counterpart of the rows' column heads: selects all entries and chooses the order. */
export function TilesHead({ view, onSort, order, selection, onSelect }: TilesHeadProps): ReactElement {
  const { names } = selection;
  return (
    <div className="tiles-head">
      <label className="check">
        <input
          type="checkbox"
          checked={names.size > 0 && names.size === order.length}
          ref={(box) => {
            if (box) box.indeterminate = names.size > 0 && names.size < order.length;
          }}
          onChange={(e) => onSelect(e.target.checked ? all(selection, order) : { ...selection, names: new Set() })}
        />
        Select all
      </label>
      <SortMenu view={view} onSort={onSort} look="quiet" />
    </div>
  );
}
