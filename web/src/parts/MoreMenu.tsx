import type { ReactElement } from "react";
import { Icon } from "./Icon";
import { Menu, type MenuProps } from "./Menu";

/** The menu of what else can be done, behind three dots. */
export function MoreMenu({ items }: Pick<MenuProps, "items">): ReactElement {
  return (
    <Menu
      trigger={
        <button type="button" className="square" aria-label="More">
          <Icon name="more" />
        </button>
      }
      items={items}
    />
  );
}
