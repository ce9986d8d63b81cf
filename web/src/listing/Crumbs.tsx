import type { ReactElement } from "react";
import { copyText } from "../parts/copyText";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { toast } from "../parts/toasts";
import { namesOf, visible, visibleName, type Path } from "../path";

/** A path as links to each of its directories, with a button that copies it. If titled, its last name is also the heading of the page. */
export function Crumbs({ path, titled = true }: { path: Path; titled?: boolean }): ReactElement {
  const names = namesOf(path);
  const copy = async () => {
    if (await copyText(path, "select the path in the address bar instead")) toast({ text: `Copied ${visible(path)}` });
  };
  return (
    <nav className="crumbs" aria-label="Path">
      {titled && <h1 className="unseen">{visible(names.at(-1) ?? "/")}</h1>}
      <ol>
        <li data-into="/">
          <Link to={{ at: "files", path: "/" }} title="Root folder">
            /
          </Link>
        </li>
        {names.map((name, i) => {
          const to = `/${names.slice(0, i + 1).join("/")}`;
          return (
            <li key={to} data-into={to}>
              {i > 0 && <span aria-hidden="true">/</span>}
              <Link to={{ at: "files", path: to }} current={i === names.length - 1} title={visible(name)}>
                <bdi>{visibleName(name)}</bdi>
              </Link>
            </li>
          );
        })}
      </ol>
      <button type="button" className="quiet square" aria-label="Copy path" title="Copy path" onClick={() => void copy()}>
        <Icon name="copy" />
      </button>
    </nav>
  );
}
