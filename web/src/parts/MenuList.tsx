import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import { Icon } from "./Icon";
import type { MenuProps } from "./Menu";

/** A menu that is open when it comes, with the keys that menus have. */
export default function MenuList({ trigger, items, head }: MenuProps): ReactElement {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8} onKeyDown={(e) => e.stopPropagation()}>
          {head !== undefined && <DropdownMenu.Label className="menu-head">{head}</DropdownMenu.Label>}
          {items.map((item, i) =>
            item === "line" ? (
              <DropdownMenu.Separator key={i} className="menu-line" />
            ) : (
              <DropdownMenu.Item
                key={item.label}
                className={item.danger ? "menu-item danger" : "menu-item"}
                disabled={item.disabled ?? false}
                onSelect={item.run}
              >
                {item.icon && <Icon name={item.icon} />}
                <span>{item.label}</span>
                {item.keys !== undefined && <kbd>{item.keys}</kbd>}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
