import type { ReactElement } from "react";
import { useCommands } from "../parts/commands";
import { Icon } from "../parts/Icon";
import { plainView, type View } from "../place";

/** The view of a directory with its entries as tiles. */
export const gridView: View = { ...plainView, more: { view: "grid" } };

/** Switches between rows and tiles. */
export function Shape({ grid, onChange }: { grid: boolean; onChange: (grid: boolean) => void }): ReactElement {
  const icon = grid ? "list" : "grid";
  const label = grid ? "List" : "Grid";
  const turn = () => onChange(!grid);
  useCommands([{ label: grid ? "Show this folder as a list" : "Show this folder as a grid of images", icon, run: turn }]);
  return (
    <button type="button" className="square" aria-label={label} title={label} onClick={turn}>
      <Icon name={icon} />
    </button>
  );
}
