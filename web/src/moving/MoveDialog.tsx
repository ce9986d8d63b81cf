import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask } from "../api/client";
import { count } from "../format";
import { Dialog } from "../parts/Dialog";
import { join, nameOf, parentOf, projectOf, visible, type Path } from "../path";
import { useLinked } from "../place";
import { besides } from "../upload/besides";
import { Destination, pathFault } from "./Destination";
import { leavesProject, transferFault, type Deed } from "./fault";
import { transfers } from "./transfers";

interface MoveDialogProps {
  deed: Deed;
  paths: readonly Path[];
  onClose: () => void;
}

/** Asks where entries are to be moved or copied to. */
export default function MoveDialog({ deed, paths, onClose }: MoveDialogProps): ReactElement {
  const [proposed] = useLinked("into");
  const [first = "/"] = paths;
  const [into, setInto] = useState(proposed === "" ? parentOf(first) : proposed);
  const defaults = useQuery({ queryKey: ["defaults"], queryFn: () => ask(api.GET("/api/v1/fs/get-server-defaults")), staleTime: Infinity });
  const what = paths.length === 1 ? `“${visible(nameOf(first))}”` : count(paths.length, "entry", "entries");
  const leaves = deed === "move" && leavesProject(paths, into);
  const keepsTrash = defaults.data?.FsServerDefaults.trashInterval !== 0;
  const beside = deed === "copy" && parentOf(first) === into; // a copy there has another name
  const fault = pathFault(into) ?? transferFault(deed, paths, into);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (fault !== undefined) return;
    if (leaves) transfers.add(keepsTrash ? "move" : "copy", paths, into, keepsTrash);
    else transfers.add(deed, paths, into);
    onClose();
  };
  const where = projectOf(first) === undefined ? "what lies in no project" : `project ${visible(projectOf(first) ?? "")}`;
  return (
    <Dialog title={`${deed === "move" ? "Move" : "Copy"} ${what}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Destination value={into} onChange={setInto} />
        <p className="faint">
          {paths.length === 1 ? "It will be " : "They will be in "}
          <code className="wrap">{visible(paths.length > 1 ? into : beside ? besides(first, () => false) : join(into, nameOf(first)))}</code>
        </p>
        {leaves && fault === undefined && (
          <p className="notice">
            Nothing moves between projects: the key of {where} seals it.{" "}
            {keepsTrash ? "It is copied, and when all is there, what is here goes to the trash." : "It is copied, and what is here stays; delete it when you have looked at the copy."}
          </p>
        )}
        <p className="fault" role="alert">
          {deed === "move" && into === parentOf(first) ? "" : (fault ?? "")}
        </p>
        <div className="ends">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={fault !== undefined || defaults.isPending}>
            {deed === "copy" ? "Copy it here" : !leaves ? "Move it here" : keepsTrash ? "Copy, then trash" : "Copy it here"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
