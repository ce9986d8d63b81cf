import { Fragment, type ReactElement } from "react";
import { visible, type Path } from "../path";

/** A path in a sentence. Its names are kept apart from each other: two in a script that is written from right to left would seem to be in the other order. */
export function PathText({ path }: { path: Path }): ReactElement {
  return (
    <code className="wrap" dir="ltr">
      {path.split("/").map((name, i) => (
        <Fragment key={i}>
          {i > 0 && "/"}
          <bdi>{visible(name)}</bdi>
        </Fragment>
      ))}
    </code>
  );
}
