import { Fragment, type ReactElement } from "react";
import { exactMoment } from "../format";
import { Link } from "../parts/Link";
import { Failure, Loading } from "../parts/states";
import { visible, type Path } from "../path";
import type { Entry, Told } from "./entries";
import { byDay, byWhat, called, sentence } from "./sentences";
import "./history.css";

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

interface TimelineProps {
  told: Told;
  /** The path that it is the history of; other paths are shown relative to it. */
  base: Path;
  /** The text for an empty history. */
  nothing: string;
}

/** Who did what and when, grouped by day, the newest first. */
export function Timeline({ told, base, nothing }: TimelineProps): ReactElement {
  if (told.isPending) return <Loading label="Loading history" />;
  if (told.data === undefined) return <Failure error={told.error} retry={() => void told.refetch()} />;
  const { isRefetching } = told; // not in the click: only what is read here is kept up to date
  const entries = told.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <p className="faint history-nothing">{nothing}</p>;
  return (
    <div className="history" aria-busy={told.isPlaceholderData}>
      {byDay(entries).map(({ day, entries: those }) => (
        <section key={day} aria-label={day}>
          <h3>{day}</h3>
          <ol>
            {those.map((entry, i) => (
              <One key={`${entry.at} ${entry.op} ${entry.seq} ${i}`} entry={entry} base={base} />
            ))}
          </ol>
        </section>
      ))}
      {told.hasNextPage && (
        <button type="button" disabled={told.isFetchingNextPage} onClick={() => void older(told, isRefetching)}>
          Show older
        </button>
      )}
    </div>
  );
}

/** Reads the next page. It interrupts a read of the present pages, which is then made again. */
async function older(told: Told, interrupts: boolean): Promise<void> {
  await told.fetchNextPage();
  if (interrupts) await told.refetch({ cancelRefetch: false });
}

function One({ entry, base }: { entry: Entry; base: Path }): ReactElement {
  const at = Date.parse(entry.at);
  const how = [byWhat(entry), entry.client === undefined || entry.client === "" ? "" : `from ${entry.client}`].filter((word) => word !== "").join(" ");
  return (
    <li className={`history-entry ${entry.outcome ?? "changed"}`}>
      <time dateTime={entry.at} title={exactMoment(at)}>
        {clock.format(at)}
      </time>
      <div>
        <p>
          {entry.outcome !== "lost" && <strong>{entry.user}</strong>}{" "}
          {sentence(entry).map((part, i) =>
            typeof part === "string" ? (
              <Fragment key={i}>{visible(part)}</Fragment>
            ) : (
              <Link key={i} to={{ at: "files", path: part.path }} title={visible(part.path)}>
                <bdi>{visible(called(part.path, base))}</bdi>
              </Link>
            ),
          )}
        </p>
        {entry.reason !== undefined && entry.reason !== "" && <p className="faint wrap">{visible(entry.reason)}</p>}
        {how !== "" && <p className="faint history-how">{visible(how)}</p>}
      </div>
    </li>
  );
}
