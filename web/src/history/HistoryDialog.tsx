import type { ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { Loading } from "../parts/states";
import { nameOf, projectOf, visible, type Path } from "../path";
import { useMe } from "../session";
import { useProjects } from "../shell/places";
import { useAudit, type Wanted } from "./entries";
import { anything, Filters, useWanted, wantsAnything } from "./Filters";
import { Timeline } from "./Timeline";

/** What happened to a file, or to a directory and what is in it. */
export default function HistoryDialog({ path, onClose }: { path: Path; onClose: () => void }): ReactElement {
  const projects = useProjects();
  const { wanted, set } = useWanted();
  const close = () => {
    set(anything);
    onClose();
  };
  return (
    <Dialog title={`History of ${visible(nameOf(path)) || "/"}`} onClose={close} wide>
      {projects.isPending ? <Loading label="History" /> : <Told path={path} owned={(projects.data ?? []).filter((p) => p.role === "owner").map((p) => p.name)} wanted={wanted} set={set} />}
    </Dialog>
  );
}

interface ToldProps {
  path: Path;
  /** The projects whose owner the caller is. */
  owned: readonly string[];
  wanted: Wanted;
  set: (change: Partial<Wanted>) => void;
}

function Told({ path, owned, wanted, set }: ToldProps): ReactElement {
  const me = useMe();
  const project = projectOf(path) ?? "";
  const others = me.superuser || owned.includes(project);
  const told = useAudit(me.superuser ? "" : others ? project : "", path, others ? wanted : { ...wanted, user: "" });
  return (
    <>
      {!others && (
        <p className="notice">
          Here is what you did yourself. {project === "" ? "What others did is for superusers to see." : `What others did in ${project} is for its data owners to see.`}
        </p>
      )}
      <Filters wanted={wanted} onChange={set} others={others} />
      <Timeline told={told} base={path} nothing={wantsAnything(wanted) ? "Nothing is known to have happened." : "Nothing of that is known to have happened. Things are listed by what they were called at the time."} />
    </>
  );
}
