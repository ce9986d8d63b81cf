import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count } from "../format";
import { Dialog } from "../parts/Dialog";
import { PathText } from "../parts/PathText";
import { Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { nameOf, type Path } from "../path";
import { useLinked } from "../place";
import "./access.css";
import { Applying } from "./Applying";
import { applyChange, type Failed, type Progress, type Target } from "./apply";
import { untouched, type AccessChange, type AccessState, type Draft } from "./draft";
import { Editor } from "./Editor";
import { refreshAccess, useStates } from "./states";
import { Views } from "./Views";
import { Who } from "./Who";
import { pathsWords } from "./words";

interface AccessDialogProps {
  paths: readonly Path[];
  onClose: () => void;
}

/** The permissions dialog for one or more files or folders: shows who may do what, previews a change and makes it. */
export default function AccessDialog({ paths, onClose: leave }: AccessDialogProps): ReactElement {
  const seen = useStates(paths);
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>(untouched);
  const [who, setWho] = useLinked("who");
  // Here and not in the editor, which is away while one sees who has access, or how a change goes on.
  const [below, setBelow] = useState(false);
  const [executing, setExecuting] = useState(false);
  const [progress, setProgress] = useState<Progress | undefined>(undefined);
  const stop = useRef(new AbortController());
  const change = useRef<AccessChange>({});
  useEffect(() => () => stop.current.abort(), []);
  const onClose = () => {
    if (who !== "") setWho("", true);
    leave();
  };

  const run = async (targets: readonly Target[], deep: boolean) => {
    stop.current = new AbortController();
    try {
      const end = await applyChange(change.current, targets, deep, stop.current.signal, setProgress);
      if (end.phase === "done" && end.failed.length === 0) {
        toast({ text: said(paths, end) });
        onClose();
      }
    } catch (e) {
      toast({ text: wordsFor(e), tone: "bad" });
    }
    refreshAccess(queries, targets.map((t) => t.path));
  };
  const save = (states: readonly AccessState[], wanted: AccessChange) => {
    change.current = wanted;
    void run(states.map(({ path, directory, tag }) => ({ path, directory, tag })), below);
  };
  const retry = (failed: readonly Failed[]) => void run([...new Map(failed.map((f) => [f.target.path, { path: f.target.path, directory: f.target.directory }])).values()], below);
  const back = () => {
    setProgress(undefined);
    void queries.resetQueries({ queryKey: ["access-states", paths] });
  };
  const running = progress?.phase === "looking" || progress?.phase === "changing";
  const one = seen.data?.states.length === 1 && progress?.phase === "changing" && !below; // a single change is over too quickly for progress to be readable
  return (
    <Dialog title={`Permissions of ${pathsWords(paths.map(nameOf))}`} onClose={onClose} closable={!running} wide>
      {progress !== undefined && !one ? (
        <>
          {progress.failed.some((f) => f.conflict) && (
            <p className="notice" role="alert">
              Someone else has changed these permissions since you opened them. Their changes were not overwritten. Go back to apply yours to the current permissions.
            </p>
          )}
          <Applying progress={progress} onStop={() => stop.current.abort()} onRetry={retry} onBack={back} onClose={onClose} />
        </>
      ) : seen.isPending ? (
        <Loading label="Loading permissions" />
      ) : seen.data === undefined ? (
        <Failure error={seen.error} retry={() => void seen.refetch()} />
      ) : (
        <>
          <Untold faults={seen.data.faults} />
          {seen.data.states.length > 0 && (
            <Views
              shown={who !== "" && paths.length === 1 ? "who" : "edit"}
              onShow={(tab) => setWho(tab === "who" ? "1" : "", true)}
              who={paths.length > 1 ? undefined : seen.data.states.map((s) => <Who key={s.path} path={s.path} directory={s.directory} />)}
              edit={
                <Editor
                  states={seen.data.states}
                  draft={draft}
                  onDraft={setDraft}
                  below={below}
                  onBelow={setBelow}
                  executing={executing}
                  onExecuting={setExecuting}
                  onSave={(wanted) => save(seen.data.states, wanted)}
                  onCancel={onClose}
                />
              }
            />
          )}
        </>
      )}
    </Dialog>
  );
}

function Untold({ faults }: { faults: readonly { path: Path; words: string }[] }): ReactElement | null {
  const [first] = faults;
  if (first === undefined) return null;
  return (
    <p className="fault" role="alert">
      <PathText path={first.path} />: {first.words}
      {faults.length > 1 && ` ${count(faults.length - 1, "other item")} could not be read either.`}
    </p>
  );
}

function said(paths: readonly Path[], { changed, found }: Progress): string {
  if (found === 1) return changed === 1 ? `Permissions of ${pathsWords(paths.map(nameOf))} changed.` : "Nothing needed to change.";
  const same = found - changed;
  return `Permissions of ${count(changed, "item")} changed${same > 0 ? `; ${count(same, "item")} already had them` : ""}.`;
}
