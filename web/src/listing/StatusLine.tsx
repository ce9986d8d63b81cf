import type { ReactElement } from "react";
import { wordsFor, type FileStatus } from "../api/client";
import { count, size } from "../format";
import type { Entries } from "./useListing";

interface StatusLineProps {
  entries: Entries;
  /** How many of the entries are shown, if a filter hides others. */
  filtered: number | undefined;
  chosen: readonly FileStatus[];
  /** A text about entries that cannot be shown; "" if there are none. */
  rest: string;
}

/**
 * The line below a listing: how many entries there are or are selected. It is not read out while entries are being loaded, nor for each entry that the cursor
 * moves to, which is read out itself.
 */
export function StatusLine({ entries, filtered, chosen, rest }: StatusLineProps): ReactElement {
  return (
    <div className="status" role="status" aria-live={entries.whole && chosen.length !== 1 ? "polite" : "off"}>
      {said(entries, filtered, chosen)}
      {rest !== "" && <span> {rest}</span>}
      {entries.error !== null && entries.items.length > 0 && (
        <span role="alert">
          {" "}
          {entries.whole ? "This list could not be refreshed." : "The remaining items could not be loaded."} {wordsFor(entries.error)}{" "}
          <button type="button" className="link" onClick={entries.reload}>
            Try again
          </button>
        </span>
      )}
    </div>
  );
}

function said(entries: Entries, filtered: number | undefined, chosen: readonly FileStatus[]): string {
  if (chosen.length > 0) {
    const sum = chosen.reduce((n, item) => n + item.length, 0);
    return `${count(chosen.length, "item")} selected${sum > 0 ? `, ${size(sum)}` : ""}`;
  }
  if (!entries.whole) {
    return entries.total > 0 ? `${entries.items.length.toLocaleString("en")} of ${entries.total.toLocaleString("en")} items loaded` : "";
  }
  if (filtered !== undefined) return `${filtered.toLocaleString("en")} of ${count(entries.total, "item")}`;
  return count(entries.total, "item");
}
