import type { ReactElement } from "react";

interface GroupsFieldProps {
  value: string;
  onChange: (groups: string) => void;
  first?: boolean;
}

/** Asks for groups, with commas or spaces between them. */
export function GroupsField({ value, onChange, first = false }: GroupsFieldProps): ReactElement {
  return (
    <label>
      <span className="label">
        Groups <span className="faint">(optional, the primary one first)</span>
      </span>
      <input data-first={first ? "" : undefined} autoComplete="off" autoCapitalize="none" spellCheck={false} value={value} onChange={(e) => onChange(e.target.value)} />
    </label>
  );
}
