import type { ReactElement, ReactNode } from "react";
import { go, hrefOf, type Place, type View } from "../place";

interface LinkProps {
  to: Place;
  /** The view of the place, by default the plain one. */
  view?: View;
  className?: string;
  title?: string;
  current?: boolean;
  children: ReactNode;
}

/** A link within the application, which can be opened in a new tab like any other. */
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
