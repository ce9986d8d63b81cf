import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import type { SortKey, View } from "../place";

const orders: readonly SortKey[] = ["name", "size", "changed", "owner"];
const called: Record<SortKey, string> = { name: "name", size: "size", changed: "last change", owner: "owner" };

interface SortMenuProps {
  view: View;
  onSort: (sort: SortKey) => void;
  /** The class of the button. */
  look: string;
}

/** Chooses the order, where there are no heads of columns to do it. */
export function SortMenu({ view, onSort, look }: SortMenuProps): ReactElement {
  return (
    <Menu
      trigger={
        <button type="button" className={look}>
          Sort: {called[view.sort]}
          <span className="unseen">, {view.descending ? "descending" : "ascending"}</span> <Icon name={view.descending ? "down" : "up"} />
        </button>
      }
      items={orders.map((key) => ({
        label: key === view.sort ? `Reverse order by ${called[key]}` : `Sort by ${called[key]}`,
        run: () => onSort(key),
      }))}
    />
  );
}
