import type { ReactElement } from "react";
import { CopyButton } from "../parts/Copyable";
import { tiedTo } from "../parts/tied";
import { makePassword } from "./password";
import "./people.css";

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (password: string) => void;
  first?: boolean;
  /** The id of the element that says what is wrong; undefined if nothing is. */
  faultId?: string | undefined;
}

/** A field for somebody else's password. It is shown, so that it can be passed on, and can be generated. */
export function PasswordField({ label, value, onChange, first = false, faultId }: PasswordFieldProps): ReactElement {
  return (
    <div className="new-password">
      <label>
        {label}
        <input data-first={first ? "" : undefined} {...tiedTo(faultId)} className="secret" autoComplete="off" autoCapitalize="none" spellCheck={false} value={value} onChange={(e) => onChange(e.target.value)} />
      </label>
      <button type="button" onClick={() => onChange(makePassword())}>
        Generate
      </button>
      {value !== "" && <CopyButton text={value} />}
    </div>
  );
}
