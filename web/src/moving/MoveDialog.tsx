import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactElement } from "react";
import { api, ask } from "../api/client";
import { count } from "../format";
import { useForGood } from "../listing/useForGood";
import { Dialog } from "../parts/Dialog";
import { PathText } from "../parts/PathText";
import { inMount, join, nameOf, parentOf, projectOf, visible, type Path } from "../path";
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

/** Asks where to move or copy entries. */
export default function MoveDialog({ deed, paths, onClose }: MoveDialogProps): ReactElement {
  const [proposed] = useLinked("into");
  const [first = "/"] = paths;
  const [into, setInto] = useState(proposed === "" ? parentOf(first) : proposed);
  const defaults = useQuery({ queryKey: ["defaults"], queryFn: () => ask(api.GET("/api/v1/fs/get-server-defaults")), staleTime: Infinity });
  const what = paths.length === 1 ? `“${visible(nameOf(first))}”` : count(paths.length, "item");
  const leaves = deed === "move" && leavesProject(paths, into);
  const keepsTrash = !useForGood(first);
  const beside = deed === "copy" && parentOf(first) === into; // a copy in the same directory needs another name
  const fault = pathFault(into) ?? transferFault(deed, paths, into);
  const begun = useRef(false); // the dialog is there a little longer, and may be submitted twice
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (fault !== undefined || begun.current) return;
    begun.current = true;
    if (leaves) transfers.add(keepsTrash ? "move" : "copy", paths, into, keepsTrash);
    else transfers.add(deed, paths, into);
    onClose();
  };
  const where = projectOf(first) === undefined ? "for files outside projects" : inMount(first) ? "of the project that shares them" : `of project ${visible(projectOf(first) ?? "")}`;
  return (
    <Dialog title={`${deed === "move" ? "Move" : "Copy"} ${what}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Destination value={into} onChange={setInto} fault={deed === "move" && into === parentOf(first) ? "" : (fault ?? "")} />
        <p className="faint">
          {paths.length === 1 ? "New path: " : "New folder: "}
          <PathText path={paths.length > 1 ? into : beside ? besides(first, () => false) : join(into, nameOf(first))} />
        </p>
        {leaves && fault === undefined && (
          <p className="notice">
            Files cannot be moved between projects directly, because they are encrypted with the key {where}.{" "}
            {keepsTrash ? "They will be copied, and the originals go to the trash when the copy is complete." : "They will be copied, and the originals stay. Delete them once you have checked the copy."}
          </p>
        )}
        <div className="ends">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={fault !== undefined || (leaves && defaults.isPending)}>
            {deed === "copy" ? "Copy here" : !leaves ? "Move here" : keepsTrash ? "Copy, then move to trash" : "Copy here"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
