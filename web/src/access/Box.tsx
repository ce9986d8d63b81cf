import { useEffect, useRef, type ReactElement } from "react";
import type { Share } from "./draft";

interface BoxProps {
  label: string;
  value: Share;
  touched: boolean;
  disabled?: boolean;
  first?: boolean;
  onClick: () => void;
}

/** A checkbox that is checked, unchecked, or indeterminate where the items differ. */
export function Box({ label, value, touched, disabled = false, first = false, onClick }: BoxProps): ReactElement {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = value === "some";
  });
  return (
    <input
      ref={ref}
      type="checkbox"
      className={touched ? "touched" : undefined}
      aria-label={label}
      title={value === "some" ? `${label}: some items only` : label}
      checked={value === true}
      disabled={disabled}
      data-first={first ? "" : undefined}
      onChange={onClick}
    />
  );
}
