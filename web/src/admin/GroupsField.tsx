import type { ReactElement } from "react";
import { tiedTo } from "../parts/tied";

interface GroupsFieldProps {
  value: string;
  onChange: (groups: string) => void;
  first?: boolean;
  /** The id of the element that says what is wrong; undefined if nothing is. */
  faultId?: string | undefined;
}

/** A field for groups, separated by commas or spaces. */
export function GroupsField({ value, onChange, first = false, faultId }: GroupsFieldProps): ReactElement {
  return (
    <label>
      <span className="label">
        Groups <span className="faint">(optional, primary group first)</span>
      </span>
      <input data-first={first ? "" : undefined} {...tiedTo(faultId)} autoComplete="off" autoCapitalize="none" spellCheck={false} value={value} onChange={(e) => onChange(e.target.value)} />
    </label>
  );
}
