import { useState, type FormEvent, type ReactElement } from "react";
import { NameField } from "../people/NameField";
import type { Path } from "../path";
import { actions, actionWords, Why, type Action } from "./Why";

/** Asks whether a user may do something, and shows the answer with the rule that decides it. */
export function Ask({ path, directory }: { path: Path; directory: boolean }): ReactElement {
  const [user, setUser] = useState("");
  const [action, setAction] = useState<Action>("read");
  const [asked, setAsked] = useState<{ user: string; action: Action } | null>(null);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (user.trim() !== "") setAsked({ user: user.trim(), action });
  };
  return (
    <section aria-label="Check a user’s access">
      <h3>Check a user’s access</h3>
      <form className="row access-ask" onSubmit={submit}>
        <span>Can</span>
        <NameField kind="user" label="User to check" value={user} placeholder="User name" onChange={setUser} />
        <select aria-label="Action to check" value={action} onChange={(e) => setAction(actions.find((a) => a === e.target.value) ?? "read")}>
          {actions.map((a) => (
            <option key={a} value={a}>
              {actionWords(a, directory)}
            </option>
          ))}
        </select>
        <button type="submit" disabled={user.trim() === ""}>
          Check
        </button>
      </form>
      {asked !== null && <Why path={path} directory={directory} user={asked.user} action={asked.action} />}
    </section>
  );
}
