import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";

/** A field that filters a list by part of a name. */
export function Find({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }): ReactElement {
  return (
    <span className="filter">
      <Icon name="search" />
      <input type="search" aria-label={label} placeholder={label} value={value} onChange={(e) => onChange(e.target.value)} />
    </span>
  );
}
