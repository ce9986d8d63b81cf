import type { ReactElement } from "react";
import { verbs, type Verb } from "./verbs";

interface VerbsFieldProps {
  value: readonly Verb[];
  onChange: (verbs: readonly Verb[]) => void;
  /** The id of the element that says what is wrong with the choice; undefined if nothing is. */
  faultId?: string | undefined;
}

/** Asks for the permissions of a token. */
export function VerbsField({ value, onChange, faultId }: VerbsFieldProps): ReactElement {
  return (
    <fieldset className="token-verbs" aria-describedby={faultId}>
      <legend>Permissions</legend>
      {verbs.map(({ verb, label, means }) => (
        <label key={verb} className="check">
          <input type="checkbox" checked={value.includes(verb)} onChange={(e) => onChange(e.target.checked ? [...value, verb] : value.filter((v) => v !== verb))} />
          <span>
            {label} <span className="faint">{means}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
