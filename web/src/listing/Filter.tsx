import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";

/** The field that a listing's filter is typed into. */
export const filterId = "filter";

/** A field for a part of the names that are shown. From it, ↓ and Enter lead to the entries, and Escape takes the filter away. */
export function Filter({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactElement {
  return (
    <label className="filter">
      <Icon name="search" />
      <input
        id={filterId}
        type="search"
        aria-label="Filter by name"
        placeholder="Filter"
        value={value}
        onChange={(e) => onChange(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") {
            onChange("");
            e.currentTarget.blur();
          } else if (e.key === "ArrowDown" || e.key === "Enter") {
            e.preventDefault();
            document.getElementById("grid")?.focus();
          }
        }}
      />
    </label>
  );
}
