import type { ReactElement } from "react";
import { Icon } from "../../parts/Icon";
import { Menu } from "../../parts/Menu";
import type { SortKey, View } from "../../place";
import { all, type Selection } from "../selection";

const orders: readonly SortKey[] = ["name", "size", "changed", "owner"];
const called: Record<SortKey, string> = { name: "name", size: "size", changed: "last change", owner: "owner" };

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
      <Menu
        trigger={
          <button type="button" className="quiet">
            Sort: {called[view.sort]}
            <span className="unseen">, {view.descending ? "descending" : "ascending"}</span> <Icon name={view.descending ? "down" : "up"} />
          </button>
        }
        items={orders.map((key) => ({
          label: key === view.sort ? `Reverse order by ${called[key]}` : `Sort by ${called[key]}`,
          run: () => onSort(key),
        }))}
      />
    </div>
  );
}
