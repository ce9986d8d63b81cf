import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { count, size } from "../format";
import { Icon, iconOf } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import { join, visible, type Path } from "../path";
import { go, plainView } from "../place";
import { Quota } from "./Quota";
import { sizesView } from "./view";
import "./storage.css";

type Size = components["schemas"]["Size"];

const shown = 200; // entries shown one by one; the rest is summed up in one line

/** What takes up space in a directory: its entries with everything below them, the largest first. Each links to the same view of itself. */
export default function Sizes({ dir }: { dir: Path }): ReactElement {
  const sizes = useQuery({
    queryKey: ["sizes", dir],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/sizes", { params: { query: { path: dir, limit: shown } }, signal })),
    staleTime: 30_000,
  });
  if (sizes.isPending) return <Loading label="Measuring" />;
  if (sizes.data === undefined) return <Failure error={sizes.error} retry={() => void sizes.refetch()} />;
  const { largest, others, total } = sizes.data;
  const rest = others.files + others.directories;
  return (
    <section className="sizes" aria-label="Storage used">
      <header>
        <p className="sizes-total">
          <strong>
            {total.partial && "more than "}
            {size(total.length)}
          </strong>{" "}
          in {count(total.files, "file")} and {count(total.directories, "folder")}
          {total.spaceConsumed > total.length && <span className="faint">; {size(total.spaceConsumed)} including replicas, which count toward quotas</span>}
        </p>
        <Quota dir={dir} />
        <button type="button" className="link" onClick={() => go({ at: "files", path: dir })}>
          Back to files
        </button>
      </header>
      {total.partial && (
        <p className="notice">Folders marked “not fully counted” have too many items to count at once, or contain folders you cannot list. Open them to see more.</p>
      )}
      {largest.length === 0 ? (
        <p className="faint">This folder is empty.</p>
      ) : (
        <ol className="sizes-list">
          {largest.map((entry) => (
            <One key={entry.name} dir={dir} entry={entry} of={total.length} most={largest[0]?.length ?? 0} />
          ))}
          {rest > 0 && (
            <li>
              <span className="sizes-name faint">{count(rest, "smaller item")}, including contents</span>
              <span />
              <span className="sizes-length faint">{size(others.length)}</span>
              <span />
            </li>
          )}
        </ol>
      )}
    </section>
  );
}

/** A fraction in percent, with one decimal where it is small. */
function percent(part: number): string {
  if (part === 0) return "";
  if (part < 0.001) return "<0.1%";
  return `${(100 * part).toFixed(part < 0.1 ? 1 : 0)}%`;
}

function One({ dir, entry, of, most }: { dir: Path; entry: Size; of: number; most: number }): ReactElement {
  const path = join(dir, entry.name);
  const view = entry.directory ? sizesView : plainView;
  const share = of === 0 ? 0 : entry.length / of;
  return (
    <li>
      <span className="sizes-name">
        <Icon name={iconOf(entry.name, entry.directory)} />
        <Link to={{ at: "files", path }} view={view} className="cut" title={visible(entry.name)}>
          <bdi>{visible(entry.name)}</bdi>
        </Link>
        {entry.partial && <span className="tag">not fully counted</span>}
      </span>
      <span className="sizes-bar" aria-hidden="true">
        {entry.length > 0 && <i style={{ width: `${(100 * entry.length) / most}%` }} />}
      </span>
      <span className="sizes-length">
        {size(entry.length)} <span className="faint sizes-share">{percent(share)}</span>
      </span>
      <span className="sizes-count faint">{entry.directory ? count(entry.files, "file") : ""}</span>
    </li>
  );
}
