import type { ReactElement } from "react";
import { Icon } from "./Icon";
import { Menu, type MenuProps } from "./Menu";

/** The menu of further actions, behind three dots. */
export function MoreMenu({ items }: Pick<MenuProps, "items">): ReactElement {
  return (
    <Menu
      trigger={
        <button type="button" className="square" aria-label="More actions">
          <Icon name="more" />
        </button>
      }
      items={items}
    />
  );
}
