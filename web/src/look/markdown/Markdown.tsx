import { useQuery } from "@tanstack/react-query";
import { toJsxRuntime, type Components } from "hast-util-to-jsx-runtime";
import { Fragment, useMemo, type ReactElement, type ReactNode } from "react";
import { jsx, jsxs } from "react/jsx-runtime";
import { wordsFor } from "../../api/client";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/states";
import { visible, type Path } from "../../path";
import { StoredImage } from "../image/StoredImage";
import { parseMarkdown } from "./parse";
import { targetOf } from "./target";
import "./markdown.css";

interface MarkdownProps {
  text: string;
  /** The directory that relative links and images refer to. */
  dir: Path;
}

/** Rendered Markdown. HTML in it is not interpreted, nothing runs, and nothing is loaded from other servers. If it cannot be rendered, it is shown as text. */
export function Markdown({ text, dir }: MarkdownProps): ReactElement {
  const tree = useQuery({ queryKey: ["markdown", text], queryFn: () => parseMarkdown(text), staleTime: Infinity, gcTime: 60_000, retry: false, structuralSharing: false });
  const drawn = useMemo(
    () => (tree.data === undefined ? undefined : toJsxRuntime(tree.data, { Fragment, jsx, jsxs, components: partsIn(dir), ignoreInvalidStyle: true })),
    [tree.data, dir],
  );
  if (tree.isPending) return <Loading label="Rendering Markdown" />;
  if (drawn === undefined) {
    return (
      <>
        <p className="look-note">{wordsFor(tree.error)} It is shown as text.</p>
        <pre className="plain">{text}</pre>
      </>
    );
  }
  return <div className="markdown">{drawn}</div>;
}

/** The components for the elements of a text in dir. Headings are one level lower, since the page has its own. */
function partsIn(dir: Path): Partial<Components> {
  const lower = (level: 2 | 3 | 4 | 5 | 6) =>
    function Heading({ children, id }: { children?: ReactNode; id?: string | undefined }): ReactElement {
      const Tag = `h${level}` as const;
      return <Tag id={id ?? anchorOf(textOf(children))}>{children}</Tag>;
    };
  return {
    h1: lower(2), h2: lower(3), h3: lower(4), h4: lower(5), h5: lower(6), h6: lower(6),
    a: ({ href, children, id }) => (
      <Leads address={href ?? ""} dir={dir} id={id}>
        {children}
      </Leads>
    ),
    img: ({ src, alt }) => <Pictured address={typeof src === "string" ? src : ""} alt={alt ?? ""} dir={dir} />,
    input: ({ checked }) => (
      <span role="img" aria-label={checked === true ? "done" : "not done"} className="task">
        {checked === true ? "☑" : "☐"}
      </span>
    ),
    pre: ({ children }) => (
      <pre tabIndex={0} role="region" aria-label="Code">
        {children}
      </pre>
    ),
    table: ({ children }) => (
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
        <table>{children}</table>
      </div>
    ),
  };
}

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  return "";
}

/** The id of a heading for links within the text, with a prefix that no other element of the page has. */
function anchorOf(text: string): string {
  return `user-content-${text.toLowerCase().trim().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-")}`;
}

function Leads({ address, dir, id, children }: { address: string; dir: Path; id: string | undefined; children: ReactNode }): ReactElement {
  const target = targetOf(address, dir);
  switch (target.to) {
    case "file":
      return <Link to={{ at: "files", path: target.path }}>{children}</Link>;
    case "here":
      return (
        <a
          href={`#${target.fragment}`}
          id={id}
          onClick={(e) => {
            e.preventDefault();
            const wanted = target.fragment.startsWith("user-content-") ? target.fragment : `user-content-${target.fragment}`;
            document.getElementById(wanted)?.scrollIntoView({ block: "start" });
          }}
        >
          {children}
        </a>
      );
    case "elsewhere":
      return (
        <a href={target.address} target="_blank" rel="noopener noreferrer" title={`Opens ${target.host} in a new tab`}>
          {children}
        </a>
      );
    case "nowhere":
      return (
        <span className="dead" title="This link cannot be opened">
          {children}
        </span>
      );
  }
}

function Pictured({ address, alt, dir }: { address: string; alt: string; dir: Path }): ReactElement {
  const target = targetOf(address, dir);
  if (target.to === "file") return <StoredImage path={target.path} alt={alt} />;
  const called = alt === "" ? "An image" : `Image “${visible(alt)}”`;
  if (target.to !== "elsewhere") return <span className="dead">{called} (cannot be shown)</span>;
  return (
    <a className="away" href={target.address} target="_blank" rel="noopener noreferrer">
      {called} on {target.host}
    </a>
  );
}
