import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { composing } from "../shell/keys";

/** The id of the filter field. */
export const filterId = "filter";

/** A field that filters a listing by part of a name. ↓ and Enter move the focus to the entries, Escape clears the filter. */
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
          if (composing(e)) return;
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
