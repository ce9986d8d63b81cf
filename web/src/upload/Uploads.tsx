import { useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, useSyncExternalStore, type ReactElement } from "react";
import { rest, size } from "../format";
import { identity } from "../identity";
import { readSoon } from "../listing/reread";
import { Icon } from "../parts/Icon";
import { NameTaken } from "../parts/NameTaken";
import { percent, Spoken } from "../parts/Spoken";
import { nameOf, parentOf, visible } from "../path";
import { forgetDirectories } from "../tree/useDirectories";
import { Interrupted } from "./Interrupted";
import { uploads } from "./queue";
import { bytesOf, over, rateOf, titleOf } from "./sum";
import type { Upload } from "./upload";

/** The panel of uploads in the corner, while there are any to show. */
export function Uploads(): ReactElement | null {
  const queries = useQueryClient();
  const all = useSyncExternalStore(uploads.subscribe, uploads.get);
  const [small, setSmall] = useState(false);
  const speed = useSpeed(all);

  useEffect(() => {
    uploads.onDone = (dir) => readSoon(queries, dir);
    uploads.onReached = (dir) => {
      readSoon(queries, parentOf(dir));
      forgetDirectories(queries, [dir]);
    };
    const wake = () => uploads.wake();
    const warn = (e: BeforeUnloadEvent) => {
      if (uploads.busy() && identity.standing !== "another") e.preventDefault();
    };
    window.addEventListener("online", wake);
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("online", wake);
      window.removeEventListener("beforeunload", warn);
    };
  }, [queries]);

  if (all.length === 0) return <Interrupted />;
  const failed = all.filter((u) => u.state === "failed").length;
  const conflicts = all.filter((u) => u.state === "conflict");
  const { total, sent } = bytesOf(all);
  const paused = all.some((u) => u.state === "paused");
  const active = uploads.left();
  return (
    <section className="uploads" aria-label="Uploads">
      <header>
        <div role="status" aria-live={active > 0 ? "off" : "polite"}>
          <h2>{titleOf(all)}</h2>
        </div>
        {active > 0 && <Spoken text={`Uploading, ${percent(sent, total)}`} />}
        {active > 0 &&
          (paused ? (
            <button type="button" className="quiet square" aria-label="Resume all" title="Resume all" onClick={() => uploads.resume()}>
              <Icon name="play" />
            </button>
          ) : (
            <button type="button" className="quiet square" aria-label="Pause all" title="Pause all" onClick={() => uploads.pause()}>
              <Icon name="pause" />
            </button>
          ))}
        {failed > 0 && (
          <button type="button" className="quiet square" aria-label="Retry all failed uploads" title="Retry all failed uploads" onClick={() => uploads.retry()}>
            <Icon name="again" />
          </button>
        )}
        <button type="button" className="quiet square" aria-label={small ? "Show uploads" : "Hide uploads"} aria-expanded={!small} onClick={() => setSmall(!small)}>
          <Icon name={small ? "up" : "down"} />
        </button>
        {active === 0 && failed === 0 && (
          <button type="button" className="quiet square" aria-label="Close" onClick={() => uploads.clear()}>
            <Icon name="close" />
          </button>
        )}
      </header>
      <progress aria-label="All uploads" max={Math.max(1, total)} value={total === 0 ? (active === 0 ? 1 : 0) : sent} />
      {!small && active > 0 && (
        <p className="faint upload-rate">
          {size(sent)} of {size(total)}
          {speed > 1000 && `, ${size(speed)}/s, ${rest((total - sent) / speed)} left`}
        </p>
      )}
      <NameTaken
        conflicts={small ? [] : conflicts}
        note="Replaced files are deleted for good."
        onChoose={(id, how, forAll) => uploads.resolve(id, how, forAll)}
      />
      {!small && <List all={all} />}
    </section>
  );
}

function List({ all }: { all: readonly Upload[] }): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  // What needs attention comes first.
  const order = { conflict: 0, failed: 1, sending: 2, waiting: 3, "looked for": 3, paused: 3, done: 4, skipped: 4 } as const;
  const sorted = [...all].sort((a, b) => order[a.state] - order[b.state] || a.id - b.id);
  const rows = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => 46, overscan: 4 });
  return (
    <div className="upload-list" ref={scroller} tabIndex={0} role="list" aria-label="Files">
      <div role="presentation" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const u = sorted[index];
          return u === undefined ? null : <One key={u.id} upload={u} style={{ transform: `translateY(${start}px)` }} />;
        })}
      </div>
    </div>
  );
}

function One({ upload: u, style }: { upload: Upload; style: { transform: string } }): ReactElement {
  const said = {
    "looked for": "Checking whether it exists",
    waiting: "Waiting",
    sending: `${size(u.sent)} of ${size(u.file.size)}`,
    conflict: "This name is already taken",
    paused: "Paused",
    done: size(u.file.size),
    skipped: "Skipped",
    failed: u.fault,
  }[u.state];
  const name = visible(nameOf(u.path));
  return (
    <div className={`upload ${u.state}`} role="listitem" style={style}>
      <div className="upload-text">
        <span className="cut" title={visible(u.path)}>
          <bdi>{name}</bdi>
        </span>
        <span className={u.state === "failed" ? "fault cut" : "faint cut"} title={said}>
          {said}
        </span>
      </div>
      {u.state === "done" && <Icon name="check" />}
      {u.state === "failed" && (
        <button type="button" className="quiet square" aria-label={`Retry ${name}`} onClick={() => uploads.retry(u.id)}>
          <Icon name="again" />
        </button>
      )}
      {(u.state === "sending" || u.state === "waiting") && (
        <button type="button" className="quiet square" aria-label={`Pause ${name}`} onClick={() => uploads.pause(u.id)}>
          <Icon name="pause" />
        </button>
      )}
      {u.state === "paused" && (
        <button type="button" className="quiet square" aria-label={`Resume ${name}`} onClick={() => uploads.resume(u.id)}>
          <Icon name="play" />
        </button>
      )}
      {!over.has(u.state) && (
        <button type="button" className="quiet square" aria-label={`Remove ${name}`} onClick={() => uploads.remove(u.id)}>
          <Icon name="close" />
        </button>
      )}
      {u.state === "sending" && <progress aria-label={name} max={Math.max(1, u.file.size)} value={u.sent} />}
    </div>
  );
}

/** The rate in bytes per second over the last seconds. */
function useSpeed(all: readonly Upload[]): number {
  const [speed, setSpeed] = useState(0);
  const sent = useRef(0);
  useEffect(() => {
    sent.current = all.reduce((n, u) => n + (u.state === "done" ? u.file.size : u.sent), 0);
  }, [all]);
  useEffect(() => {
    let [before, then] = [sent.current, performance.now()];
    const timer = setInterval(() => {
      const now = performance.now();
      const [bytes, seconds] = [Math.max(0, sent.current - before), (now - then) / 1000];
      [before, then] = [sent.current, now];
      if (seconds > 0) setSpeed((s) => rateOf(s, bytes, seconds));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return speed;
}
