import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";

/** A field that narrows a list to names that hold what is typed. */
export function Find({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }): ReactElement {
  return (
    <span className="filter">
      <Icon name="search" />
      <input type="search" aria-label={label} placeholder={label} value={value} onChange={(e) => onChange(e.target.value)} />
    </span>
  );
}
