import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { toast } from "../parts/toasts";
import { groupsOf, usersKey, type User } from "./asked";
import { GroupsField } from "./GroupsField";
import { PasswordField } from "./PasswordField";

interface ConfirmProps {
  title: string;
  deed: string;
  onClose: () => void;
  run: () => Promise<unknown>;
  children: ReactNode;
}

/** Asks before something is done that weighs. What fails is told, and the dialog stays. */
export function Confirm({ title, deed, onClose, run, children }: ConfirmProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch {
      setBusy(false); // it was said
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <div className="ends">
        <button type="button" data-first="" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="danger solid" disabled={busy} onClick={() => void go()}>
          {deed}
        </button>
      </div>
    </Dialog>
  );
}

/** Sets the password of a user. */
export function PasswordDialog({ user, onClose }: { user: string; onClose: () => void }): ReactElement {
  const [password, setPassword] = useState("");
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setRefused("");
    try {
      await ask(api.PUT("/api/v1/admin/users/{user}/password", { params: { path: { user } }, body: { password } }));
      toast({ text: `The password of ${user} is set. Sessions have ended.` });
      onClose();
    } catch (failure) {
      setRefused(wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Password of ${user}`} onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <p className="faint">It ends the sessions of {user}. Tokens live on.</p>
        <PasswordField label="New password" value={password} onChange={setPassword} first />
        <Ends onClose={onClose} label="Set it" disabled={busy || password === ""} fault={refused} />
      </form>
    </Dialog>
  );
}

/** Puts a user into other groups. Those that the OpenID provider says are its own to change. */
export function GroupsDialog({ user, onClose }: { user: User; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [groups, setGroups] = useState(() => user.groups.join(", "));
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setRefused("");
    try {
      await ask(api.PATCH("/api/v1/admin/users/{user}", { params: { path: { user: user.name } }, body: { groups: groupsOf(groups) } }));
      toast({ text: `The groups of ${user.name} are changed.` });
      onClose();
      await queries.invalidateQueries({ queryKey: usersKey });
    } catch (failure) {
      setRefused(wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Groups of ${user.name}`} onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <GroupsField value={groups} onChange={setGroups} first />
        <p className="faint">
          What files and ACLs give to a group holds from the next request on. Members of a project need not be in a group for it; supergroup makes a superuser.
          {user.mappedGroups.length > 0 && ` By the OpenID provider, and changed there: ${user.mappedGroups.join(", ")}.`}
        </p>
        <Ends onClose={onClose} label="Change them" disabled={busy} fault={refused} />
      </form>
    </Dialog>
  );
}
