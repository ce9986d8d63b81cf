import { cloneElement, lazy, Suspense, useEffect, useState, type ButtonHTMLAttributes, type ReactElement, type ReactNode } from "react";
import { Boundary } from "./Boundary";
import { useCommands, type Command } from "./commands";
import { toast } from "./toasts";

const load = () => import("./MenuList");
const MenuList = lazy(load);

/** An item of a menu. danger marks a destructive one. */
export interface MenuItem extends Command {
  danger?: boolean;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;
  items: readonly (MenuItem | "line")[];
  /** Shown above the items. */
  head?: ReactNode;
}

/** A menu behind a button, whose items are also in the palette. Its code is loaded when the pointer or focus reaches the button. */
export function Menu(props: MenuProps): ReactElement {
  useCommands(props.items.filter((item) => item !== "line"));
  const [asked, setAsked] = useState(false);
  const near = () => void load().catch(() => undefined); // opening the menu shows the error
  const button = cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: near,
    onFocus: near,
    onClick: () => setAsked(true),
    onKeyDown: (e) => {
      if (e.key === "ArrowDown") {
        e.preventDefault();
        setAsked(true);
      }
    },
  });
  if (!asked) return button;
  return (
    <Boundary of="menu" instead={(words) => <Untold words={words}>{button}</Untold>}>
      <Suspense fallback={button}>
        <MenuList {...props} />
      </Suspense>
    </Boundary>
  );
}

/** The button of a menu that could not be loaded, with a toast that says so. */
function Untold({ words, children }: { words: string; children: ReactElement }): ReactElement {
  useEffect(() => toast({ text: words, tone: "bad" }), [words]);
  return children;
}
