import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count, size } from "../format";
import { identity } from "../identity";
import { moveBack } from "./moveBack";
import { readSoon } from "../listing/reread";
import { Icon } from "../parts/Icon";
import { NameTaken } from "../parts/NameTaken";
import { Spoken } from "../parts/Spoken";
import { toast } from "../parts/toasts";
import { nameOf, parentOf, visible } from "../path";
import { go } from "../place";
import { forgetBelow, forgetDirectories } from "../tree/useDirectories";
import { transfers, type Outcome, type Transfer } from "./transfers";
import "./moving.css";

const shown = 50; // most transfers listed in the panel; the others are only counted

/** The panel of moves and copies, while there are any to show. */
export function Transfers(): ReactElement | null {
  const queries = useQueryClient();
  const all = useSyncExternalStore(transfers.subscribe, transfers.get);
  useEffect(() => {
    transfers.onChanged = (paths) => {
      for (const dir of new Set(paths.map(parentOf))) readSoon(queries, dir);
      forgetDirectories(queries, paths);
    };
    transfers.onOver = (outcome) => {
      refreshReplaced(queries, outcome.done);
      tell(outcome, (done) => void moveBack(queries, done));
    };
    void transfers.adopt().catch(() => undefined); // the jobs go on even if they are not shown
    const warn = (e: BeforeUnloadEvent) => {
      if (transfers.busy() && identity.standing !== "another") e.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [queries]);

  const conflicts = all.filter((t) => t.state === "conflict");
  const failed = all.filter((t) => t.state === "failed").length;
  const under = all.filter((t) => t.state === "waiting" || t.state === "working" || t.state === "conflict");
  if (all.length === 0) return null;
  const bytes = under.reduce((n, t) => n + t.bytes, 0);
  const done = under.reduce((n, t) => n + t.bytesDone, 0);
  const order = { conflict: 0, failed: 1, working: 2, waiting: 3, done: 4, skipped: 4, cancelled: 4 } as const;
  const sorted = [...all].sort((a, b) => order[a.state] - order[b.state] || a.id - b.id);
  return (
    <section className="uploads" aria-label="Moves and copies">
      <header>
        <div role="status" aria-live={under.length > 0 ? "off" : "polite"}>
          <h2>
            {under.length > 0
              ? `${under.some((t) => t.deed === "copy") ? "Copying" : "Moving"} ${count(under.length, "item")}`
              : `${count(failed, "item")} could not be moved or copied`}
          </h2>
        </div>
        {under.length > 0 && <Spoken text={`${count(under.length, "item")} left to move or copy`} />}
        {under.length === 0 && (
          <button type="button" className="quiet square" aria-label="Close" onClick={() => transfers.clear()}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {under.length > 0 && <progress aria-label="All moves and copies" {...(bytes > 0 ? { max: bytes, value: done } : {})} />}
      <NameTaken
        conflicts={conflicts.map(({ id, group, to }) => ({ id, group, path: to }))}
        note="Replaced items go to the trash."
        onChoose={(id, how, forAll) => transfers.resolve(id, how, forAll)}
      />
      <ul className="transfer-list">
        {sorted.slice(0, shown).map((t) => (
          <One key={t.id} of={t} />
        ))}
        {sorted.length > shown && <li className="faint tree-note">and {(sorted.length - shown).toLocaleString("en")} more</li>}
      </ul>
    </section>
  );
}

/** Refreshes what is told of trashes, to which goes what is replaced and what is copied to another project, and the trees below directories that were replaced. */
function refreshReplaced(queries: QueryClient, done: readonly Transfer[]): void {
  const replaced = done.filter((t) => t.replaces);
  if (replaced.length === 0 && !done.some((t) => t.trashes)) return;
  for (const kind of ["deleted", "deletions"]) void queries.invalidateQueries({ queryKey: [kind] });
  forgetBelow(queries, replaced.map((t) => t.to));
}

function tell({ deed, into, done }: Outcome, undo: (done: readonly Transfer[]) => void): void {
  const [first] = done;
  if (first === undefined) return;
  const what = done.length === 1 ? `“${visible(nameOf(first.to))}”` : count(done.length, "item");
  const to = visible(nameOf(into)) || "/";
  if (done.some((t) => t.trashes)) {
    toast({ text: `${what} copied to ${to}; the originals are in the trash.`, action: { label: "Show", run: () => go({ at: "files", path: into }) } });
  } else if (deed === "move") {
    toast({ text: `${what} moved to ${to}.`, action: { label: "Undo", run: () => undo(done) } });
  } else {
    toast({ text: `${what} copied to ${to}.`, action: { label: "Show", run: () => go({ at: "files", path: into }) } });
  }
}

function One({ of }: { of: Transfer }): ReactElement {
  const name = visible(nameOf(of.to));
  const into = visible(parentOf(of.to));
  const said = {
    waiting: `Waiting, to ${into}`,
    working: of.waits !== "" ? `Waiting: ${of.waits}` : of.bytes > 0 ? `${size(of.bytesDone)} of ${size(of.bytes)} to ${into}` : `To ${into}`,
    conflict: "This name is already taken",
    failed: of.fault,
    done: "Done",
    skipped: "Skipped",
    cancelled: "Cancelled",
  }[of.state];
  const cancel = () => void transfers.cancel(of.id).catch((e: unknown) => toast({ text: `Could not be cancelled. ${wordsFor(e)}`, tone: "bad" }));
  return (
    <li className="transfer">
      <div className="upload-text">
        <span className="cut" title={visible(of.from)}>
          <bdi>{name}</bdi>
        </span>
        <span className={of.state === "failed" ? "fault wrap" : "faint cut"} title={said}>
          {said}
        </span>
      </div>
      {of.state === "failed" && (
        <button type="button" className="quiet square" aria-label={`Retry ${name}`} onClick={() => transfers.retry(of.id)}>
          <Icon name="again" />
        </button>
      )}
      {(of.state === "waiting" || of.state === "conflict" || (of.state === "working" && of.job !== "")) && (
        <button type="button" className="quiet square" aria-label={`Cancel ${name}`} title="Cancel" onClick={cancel}>
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
