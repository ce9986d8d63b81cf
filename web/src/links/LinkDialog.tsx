import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { Link } from "../parts/Link";
import { tiedTo } from "../parts/tied";
import { nameOf, visibleName, type Path } from "../path";
import { PasswordField } from "../people/PasswordField";
import { faultIn, lives, usualLife, type Fault } from "./asked";
import { MadeLink } from "./MadeLink";
import { linksView } from "./place";
import { linksKey } from "./useLinks";

/**
 * Creates a link with which anybody can download a file. The link itself is only in the state of this component, and gone when it closes.
 */
export default function LinkDialog({ path, onClose }: { path: Path; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [life, setLife] = useState(usualLife);
  const [password, setPassword] = useState("");
  const [label, setLabel] = useState("");
  const [made, setMade] = useState<components["schemas"]["MadeLink"]>();
  const [refused, setRefused] = useState<Fault>({ words: "" });
  const [busy, setBusy] = useState(false);
  const id = useId();
  const faultOf = (field: Fault["field"]) => (refused.field === field ? id : undefined);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const fault = faultIn(password, label);
    if (fault !== undefined) {
      setRefused(fault);
      return;
    }
    setBusy(true);
    setRefused({ words: "" });
    try {
      // Not a mutation, which would keep the link in its cache after this is closed.
      setMade(await ask(api.POST("/api/v1/links", { body: { path, expiresIn: life, label: label.trim(), ...(password === "" ? {} : { password }) } })));
      await queries.invalidateQueries({ queryKey: linksKey });
    } catch (e) {
      setRefused({ words: wordsFor(e) });
    } finally {
      setBusy(false);
    }
  };
  if (made !== undefined) return <MadeLink made={made} path={path} password={password} onClose={onClose} />;
  return (
    <Dialog title={`Download link to ${visibleName(nameOf(path))}`} onClose={onClose}>
      <p>
        Anyone who has the link can download this file, without an account, as long as you can read it yourself.{" "}
        <Link to={{ at: "tokens" }} view={linksView}>
          Your download links
        </Link>
      </p>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <label>
          Expires
          <select data-first="" value={life} onChange={(e) => setLife(Number(e.target.value))}>
            {lives.map(({ seconds, label: text }) => (
              <option key={seconds} value={seconds}>
                after {text}
              </option>
            ))}
          </select>
        </label>
        <PasswordField label="Password (optional)" value={password} onChange={setPassword} faultId={faultOf("password")} />
        <label>
          Note (optional)
          <input {...tiedTo(faultOf("label"))} placeholder="Who is it for?" autoComplete="off" value={label} onChange={(e) => setLabel(e.target.value)} />
        </label>
        <Ends onClose={onClose} label="Create link" disabled={busy} fault={refused.words} faultId={id} />
      </form>
    </Dialog>
  );
}
