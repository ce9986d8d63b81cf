import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { toast } from "../parts/toasts";
import { groupsOf, usersKey } from "./asked";
import { GroupsField } from "./GroupsField";
import { makePassword } from "../people/password";
import { PasswordField } from "../people/PasswordField";

/** Adds a user with an initial password, which the superuser passes on. */
export function NewUser({ onClose }: { onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState(makePassword);
  const [groups, setGroups] = useState("");
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setRefused("");
    const all = groupsOf(groups);
    try {
      // Not a mutation, which would keep the password in its variables.
      await ask(api.POST("/api/v1/admin/users", { body: { name: name.trim(), ...(password === "" ? {} : { password }), ...(all.length === 0 ? {} : { groups: all }) } }));
      toast({ text: `User ${name.trim()} added.` });
      onClose();
      await queries.invalidateQueries({ queryKey: usersKey });
    } catch (failure) {
      setRefused(wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Add a user" onClose={onClose}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <label>
          Name
          <input required data-first="" autoComplete="off" autoCapitalize="none" spellCheck={false} value={name} onChange={(e) => setName(e.target.value)} />
        </label>
        <PasswordField label="Initial password" value={password} onChange={setPassword} />
        <p className="faint">Copy the password now and pass it on: it is not shown again. Without a password, the user can only sign in through an OpenID provider, if one is set up.</p>
        <GroupsField value={groups} onChange={setGroups} />
        <Ends onClose={onClose} label="Add" disabled={busy} fault={refused} />
      </form>
    </Dialog>
  );
}
