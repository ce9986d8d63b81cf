import type { ReactElement } from "react";

interface GroupsFieldProps {
  value: string;
  onChange: (groups: string) => void;
  first?: boolean;
}

/** A field for groups, separated by commas or spaces. */
export function GroupsField({ value, onChange, first = false }: GroupsFieldProps): ReactElement {
  return (
    <label>
      <span className="label">
        Groups <span className="faint">(optional, primary group first)</span>
      </span>
      <input data-first={first ? "" : undefined} autoComplete="off" autoCapitalize="none" spellCheck={false} value={value} onChange={(e) => onChange(e.target.value)} />
    </label>
  );
}
