import type { ReactElement, ReactNode } from "react";
import { wordsFor } from "../api/client";
import { Icon } from "../parts/Icon";
import { Loading, NotRefreshed } from "../parts/states";
import { nameOf, visible, type Path } from "../path";
import { useMe } from "../session";
import type { AccessPreview, Draft } from "./draft";
import type { usePreview } from "./states";
import { mayWords, throughWords } from "./words";

interface OutcomeProps {
  of: ReturnType<typeof usePreview>;
  draft: Draft;
  paths: readonly Path[];
  path: Path;
  onPath: (path: Path) => void;
}

const most = 200; // people that are shown; what changes comes first

/** What people could do after the change, as the server computes it, next to what they can do now. */
export function Outcome({ of: { preview, settled }, draft, paths, path, onPath }: OutcomeProps): ReactElement {
  return (
    <section className="access-outcome" aria-label="Effect on people" aria-busy={!settled}>
      <h3>Effect on people</h3>
      {paths.length > 1 && (
        <label className="row">
          <span className="faint">for</span>
          <select value={path} onChange={(e) => onPath(e.target.value)} className="grow" aria-label="Item to preview">
            {paths.slice(0, 1000).map((p) => (
              <option key={p} value={p}>
                {visible(nameOf(p))}
              </option>
            ))}
          </select>
        </label>
      )}
      {preview.data !== undefined ? (
        <>
          <NotRefreshed of={preview} />
          <Told preview={preview.data} draft={draft} />
        </>
      ) : preview.error !== null ? (
        <p className="fault" role="alert">
          {wordsFor(preview.error)}
        </p>
      ) : (
        <Loading label="Working out the effect" />
      )}
    </section>
  );
}

function Told({ preview, draft }: { preview: AccessPreview; draft: Draft }): ReactElement {
  const me = useMe();
  const { after, users, everyone } = preview;
  const differs = (u: (typeof users)[number]) => u.before.may !== u.after.may || u.before.manages !== u.after.manages;
  const ordered = [...users.filter(differs), ...users.filter((u) => !differs(u))];
  const mine = users.find((u) => u.user === me.name);
  const powerless = preview.all
    ? Object.values(draft.entries).filter((e) => e !== null && !e.default && e.type === "user" && e.may !== "---" && !users.some((u) => u.user === e.name && u.after.may !== "---"))
    : [];
  return (
    <>
      {mine !== undefined && differs(mine) && <LockOut mine={mine} directory={after.directory} />}
      {powerless.map((e) => (
        <p key={e?.name} className="notice" role="status">
          <strong>{visible(e?.name ?? "")}</strong> would still have no access. There may be no such user, the mask may remove all rights, or a parent folder may not let them in. Their entry will
          be saved anyway.
        </p>
      ))}
      <table className="access-people">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Can now</th>
            <th scope="col">After saving</th>
          </tr>
        </thead>
        <tbody>
          {ordered.slice(0, most).map((u) => (
            <Line key={u.user} beside={u} directory={after.directory} who={<><bdi>{visible(u.user)}</bdi>{u.user === me.name && <span className="faint"> (you)</span>}</>} />
          ))}
          <Line beside={everyone} directory={after.directory} who={<span className="faint">Everyone else</span>} />
        </tbody>
      </table>
      <p className="faint">
        {!preview.all
          ? "Only data owners of the project and superusers can see what others can do. This is what you can do."
          : ordered.length > most || preview.partial
            ? `The first ${Math.min(most, ordered.length)} people are shown.`
            : "Superusers can do everything and are not listed."}{" "}
        The new mode would be <code>{after.mode}</code>.
      </p>
    </>
  );
}

function Line({ beside, directory, who }: { beside: AccessPreview["everyone"]; directory: boolean; who: ReactNode }): ReactElement {
  const [now, then] = [mayWords(beside.before.may, directory, beside.before.manages), mayWords(beside.after.may, directory, beside.after.manages)];
  const through = throughWords(beside.after.through ?? beside.before.through);
  return (
    <tr className={now === then ? undefined : "differs"}>
      <th scope="row">
        {who}
        {through !== "" && beside.user !== "" && <span className="faint through">{through}</span>}
      </th>
      <td>{now}</td>
      <td>{now === then ? <span className="faint">no change</span> : <strong>{then}</strong>}</td>
    </tr>
  );
}

function LockOut({ mine, directory }: { mine: AccessPreview["everyone"]; directory: boolean }): ReactElement | null {
  const letters = ["r", "w", "x"].filter((r) => mine.before.may.includes(r) && !mine.after.may.includes(r)).join("");
  if (letters === "" && (mine.after.manages || !mine.before.manages)) return null;
  const lost = mayWords(letters, directory, mine.before.manages && !mine.after.manages);
  return (
    <p className="notice warning" role="alert">
      <Icon name="lock" />
      <span>
        <strong>You would lose access:</strong> you could no longer {lost.replace(/, ([^,]*)$/, " or $1")} {directory ? "this folder" : "this file"}.{" "}
        {mine.after.manages ? "You could restore your access later." : "You could not undo this yourself."}
      </span>
    </p>
  );
}
