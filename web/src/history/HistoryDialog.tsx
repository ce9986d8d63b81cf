import type { ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { Loading } from "../parts/states";
import { nameOf, projectOf, visible, type Path } from "../path";
import { useMe } from "../session";
import { useProjects } from "../shell/places";
import { useAudit, type Wanted } from "./entries";
import { anything, Filters, useWanted, wantsAnything } from "./Filters";
import { Timeline } from "./Timeline";

/** The history of a file, or of a directory and everything in it. */
export default function HistoryDialog({ path, onClose }: { path: Path; onClose: () => void }): ReactElement {
  const projects = useProjects();
  const { wanted, set } = useWanted();
  const close = () => {
    set(anything);
    onClose();
  };
  return (
    <Dialog title={`History of ${visible(nameOf(path)) || "/"}`} onClose={close} wide>
      {projects.isPending ? <Loading label="Loading history" /> : <Told path={path} owned={(projects.data ?? []).filter((p) => p.role === "owner").map((p) => p.name)} wanted={wanted} set={set} />}
    </Dialog>
  );
}

interface ToldProps {
  path: Path;
  /** The projects of which the caller is a data owner. */
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
          This shows only what you did. {project === "" ? "Superusers can see what others did." : `Data owners of ${project} can see what others did.`}
        </p>
      )}
      <Filters wanted={wanted} onChange={set} others={others} />
      <Timeline told={told} base={path} nothing={wantsAnything(wanted) ? "No recorded activity." : "No recorded activity matches these filters. Files are listed under the names they had at the time."} />
    </>
  );
}
