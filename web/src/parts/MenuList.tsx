import { DropdownMenu } from "radix-ui";
import { useRef, type ReactElement } from "react";
import { isOn } from "../shell/keys";
import { Icon } from "./Icon";
import type { MenuItem, MenuProps } from "./Menu";

/** A menu that is open from the start, with the usual keys of menus. */
export default function MenuList({ trigger, items, head }: MenuProps): ReactElement {
  const button = useRef<HTMLButtonElement>(null);
  const run = (item: MenuItem) => {
    button.current?.focus(); // a dialog that run opens returns the focus to the button, since the item will be gone
    item.run();
  };
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild ref={button}>
        {trigger}
      </DropdownMenu.Trigger>
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
                onSelect={() => run(item)}
              >
                {item.icon && <Icon name={item.icon} />}
                <span>{item.label}</span>
                {item.keys !== undefined && isOn(item.keys) && <kbd>{item.keys}</kbd>}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
