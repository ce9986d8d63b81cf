import type { ReactNode } from "react";
import { downloadAddress } from "../listing/actions";
import { Boundary } from "../parts/Boundary";
import { Icon } from "../parts/Icon";
import { nameOf, type Path } from "../path";

/** Shows an error of a viewer in its place, with a download of the file, so that the rest of the page keeps working. */
export function Guard({ path, children }: { path: Path; children: ReactNode }): ReactNode {
  return (
    <Boundary of={path} instead={(words) => <Refused path={path} title="Preview not available" words={words} />}>
      {children}
    </Boundary>
  );
}

/** Shown in place of content that cannot be shown: the reason, and a download. */
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
            <Icon name="download" /> Download
          </a>
        </div>
      </div>
    </div>
  );
}
