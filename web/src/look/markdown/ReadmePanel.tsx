import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { api, ask, wordsFor } from "../../api/client";
import { Icon } from "../../parts/Icon";
import { Link } from "../../parts/Link";
import { join, type Path } from "../../path";
import { Markdown } from "./Markdown";

const kept = "granary-readme"; // whether this browser shows READMEs below listings

interface ReadmePanelProps {
  dir: Path;
  /** Identifies the state of the README, so that it is read again when it changes. */
  state: string;
}

/** The README of a directory, below its listing. */
export default function ReadmePanel({ dir, state }: ReadmePanelProps): ReactElement | null {
  const [open, setOpen] = useState(() => localStorage.getItem(kept) !== "closed");
  const readme = useQuery({
    queryKey: ["readme", dir, state],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/readme", { params: { query: { path: dir } }, signal })),
    enabled: open,
    staleTime: Infinity,
    placeholderData: (before, query) => (query?.queryKey[1] === dir ? before : undefined),
  });
  const { data, error } = readme;
  const name = data?.name ?? "README";
  const toggle = () => {
    localStorage.setItem(kept, open ? "closed" : "open");
    setOpen(!open);
  };
  return (
    <section className={open ? "readme open" : "readme"} aria-label="README">
      <header>
        <button type="button" className="quiet" aria-expanded={open} onClick={toggle}>
          <Icon name={open ? "down" : "right"} /> README
        </button>
        {data?.name !== undefined && open && <Link to={{ at: "files", path: join(dir, name) }}>{data.whole ? `Open ${name}` : `Only the beginning is shown. Open ${name} to see all of it`}</Link>}
      </header>
      {open && (
        <div className="readme-text" tabIndex={0} role="region" aria-label="README text">
          {error !== null && <p className="fault look-note">{wordsFor(error)}</p>}
          {data !== undefined && (name.endsWith(".md") ? <Markdown text={data.text ?? ""} dir={dir} /> : <pre className="plain">{data.text}</pre>)}
        </div>
      )}
    </section>
  );
}
