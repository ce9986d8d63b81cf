import type { ReactElement, ReactNode } from "react";
import { go, hrefOf, type Place, type View } from "../place";

interface LinkProps {
  to: Place;
  /** How it is looked at there; plainly, if nothing is said. */
  view?: View;
  className?: string;
  title?: string;
  current?: boolean;
  children: ReactNode;
}

/** A link to another place of the application, which opens in a new tab as any other does. */
export function Link({ to, view, className, title, current, children }: LinkProps): ReactElement {
  return (
    <a
      href={hrefOf(to, view)}
      className={className}
      title={title}
      aria-current={current ? "page" : undefined}
      onClick={(e) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button !== 0) return;
        e.preventDefault();
        go(to, view);
      }}
    >
      {children}
    </a>
  );
}
