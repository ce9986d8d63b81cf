import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent, type ReactElement, type ReactNode } from "react";
import { api, ApiError, ask, retriable, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { toast } from "../parts/toasts";
import { useMe } from "../session";
import { changedGroups, groupsOf, userNow, usersKey, type User } from "./asked";
import { GroupsField } from "./GroupsField";
import { PasswordField } from "../people/PasswordField";

interface ConfirmProps {
  title: string;
  deed: string;
  onClose: () => void;
  run: () => Promise<unknown>;
  children: ReactNode;
}

/** Asks for confirmation before something serious. On failure the dialog stays open. */
export function Confirm({ title, deed, onClose, run, children }: ConfirmProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch {
      setBusy(false); // run has shown the error
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
  const [refused, setRefused] = useState({ words: "", wrong: false });
  const id = useId();
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setRefused({ words: "", wrong: false });
    try {
      await ask(api.PUT("/api/v1/admin/users/{user}/password", { params: { path: { user } }, body: { password } }));
      toast({ text: `Password of ${user} changed. All their sessions have ended.` });
      onClose();
    } catch (failure) {
      setRefused({ words: wordsFor(failure), wrong: failure instanceof ApiError && !retriable(failure.status) });
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Password of ${user}`} onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <p className="faint">This ends all sessions of {user}. Tokens stay valid.</p>
        <PasswordField label="New password" value={password} onChange={setPassword} first faultId={refused.wrong ? id : undefined} />
        <Ends onClose={onClose} label="Set password" disabled={busy || password === ""} fault={refused.words} faultId={id} />
      </form>
    </Dialog>
  );
}

/** Changes the groups of a user. Groups that come from the OpenID provider can only be changed there. */
export function GroupsDialog({ user, onClose }: { user: User; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const me = useMe();
  const [before] = useState(user.groups); // only what differs from this was touched here
  const [groups, setGroups] = useState(() => before.join(", "));
  const [refused, setRefused] = useState({ words: "", wrong: false });
  const id = useId();
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setRefused({ words: "", wrong: false });
    try {
      const now = (await userNow(user.name))?.groups ?? before; // others may have changed them
      await ask(api.PATCH("/api/v1/admin/users/{user}", { params: { path: { user: user.name } }, body: { groups: changedGroups(now, before, groupsOf(groups)) } }));
      toast({ text: `Groups of ${user.name} changed.` });
      onClose();
      if (user.name === me.name) void queries.invalidateQueries({ queryKey: ["me"] });
      await queries.invalidateQueries({ queryKey: usersKey });
    } catch (failure) {
      setRefused({ words: wordsFor(failure), wrong: failure instanceof ApiError && !retriable(failure.status) });
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Groups of ${user.name}`} onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <GroupsField value={groups} onChange={setGroups} first faultId={refused.wrong ? id : undefined} />
        <p className="faint">
          Changes apply from the next request. Project members do not need a group for their project. Members of supergroup are superusers.
          {user.mappedGroups.length > 0 && ` These groups come from the OpenID provider and can only be changed there: ${user.mappedGroups.join(", ")}.`}
        </p>
        <Ends onClose={onClose} label="Save" disabled={busy} fault={refused.words} faultId={id} />
      </form>
    </Dialog>
  );
}
