import { useId, type ReactElement } from "react";
import { Icon } from "../parts/Icon";

/** The field for a regular expression that filters tags, with its error. */
export function TagFilter({ value, onChange, fault }: { value: string; onChange: (value: string) => void; fault: string }): ReactElement {
  const id = useId();
  return (
    <span className="tag-filter">
      <label className="filter">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Filter tags by regular expression"
          placeholder="Filter tags (regex)"
          value={value}
          aria-invalid={fault !== ""}
          aria-describedby={id}
          onChange={(e) => onChange(e.target.value)}
        />
      </label>
      <span id={id} className="fault" role="status">
        {fault}
      </span>
    </span>
  );
}
