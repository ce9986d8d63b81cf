import type { ReactElement } from "react";
import { CopyButton } from "../parts/Copyable";
import { makePassword } from "./password";

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (password: string) => void;
  first?: boolean;
}

/** A field for somebody else's password. It is shown, so that it can be passed on, and can be generated. */
export function PasswordField({ label, value, onChange, first = false }: PasswordFieldProps): ReactElement {
  return (
    <div className="admin-password">
      <label>
        {label}
        <input data-first={first ? "" : undefined} className="secret" autoComplete="off" autoCapitalize="none" spellCheck={false} value={value} onChange={(e) => onChange(e.target.value)} />
      </label>
      <button type="button" onClick={() => onChange(makePassword())}>
        Generate
      </button>
      <CopyButton text={value} />
    </div>
  );
}
