import type { ReactNode } from "react";
import { downloadAddress } from "../listing/actions";
import { Boundary } from "../parts/Boundary";
import { Icon } from "../parts/Icon";
import { nameOf, type Path } from "../path";

/** Says in words that a viewer failed, and offers the file itself, rather than let the page go with it. */
export function Guard({ path, children }: { path: Path; children: ReactNode }): ReactNode {
  return (
    <Boundary of={path} instead={(words) => <Refused path={path} title="This cannot be shown" words={words} />}>
      {children}
    </Boundary>
  );
}

/** What stands in the place of content that is not shown: why, and how to get it. */
export function Refused({ path, title, words, children }: { path: Path; title: string; words: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty" role="status">
      <Icon name="file" />
      <h2>{title}</h2>
      <div className="empty-text">
        <p>{words}</p>
        <div className="row look-ways">
          {children}
          <a className="button" href={downloadAddress(path)} download={nameOf(path)}>
            <Icon name="download" /> Download it
          </a>
        </div>
      </div>
    </div>
  );
}
