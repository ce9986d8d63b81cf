import { useState, type FormEvent, type ReactElement } from "react";
import { isDate } from "../format";
import { useLinked } from "../place";
import type { Wanted } from "./entries";

/** The filters of a history, which are part of the address. */
export function useWanted(): { wanted: Wanted; set: (change: Partial<Wanted>) => void } {
  const [user, setUser] = useLinked("by"); // not from and who, which the page of a file uses for other things
  const [from, setFrom] = useLinked("since");
  const [until, setUntil] = useLinked("until");
  const [reads, setReads] = useLinked("reads");
  return {
    wanted: { user, from: dayIn(from), until: dayIn(until), reads: reads !== "" },
    set: (change) => {
      if (change.user !== undefined) setUser(change.user, true);
      if (change.from !== undefined) setFrom(change.from, true);
      if (change.until !== undefined) setUntil(change.until, true);
      if (change.reads !== undefined) setReads(change.reads ? "1" : "", true);
    },
  };
}

/** The day in a text, or "" if there is none. While somebody types, date fields also yield years of five digits. */
function dayIn(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) && isDate(Date.parse(text)) ? text : "";
}

/** No filters. */
export const anything: Wanted = { user: "", from: "", until: "", reads: false };

/** Whether no filter is set. */
export function wantsAnything({ user, from, until, reads }: Wanted): boolean {
  return user + from + until === "" && !reads;
}

interface FiltersProps {
  wanted: Wanted;
  onChange: (change: Partial<Wanted>) => void;
  /** Whether the caller may see what others did. */
  others: boolean;
}

/** The form that filters a history by user and days, and includes reads and refused requests. */
export function Filters({ wanted, onChange, others }: FiltersProps): ReactElement {
  const [typed, setTyped] = useState(wanted.user);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    onChange({ user: typed.trim() });
  };
  return (
    <form className="history-filters" role="search" aria-label="Filter history" onSubmit={submit}>
      {others && (
        <label className="history-who">
          By
          <input placeholder="anyone" autoCapitalize="none" spellCheck={false} value={typed} onChange={(e) => setTyped(e.target.value)} onBlur={() => typed.trim() !== wanted.user && onChange({ user: typed.trim() })} />
        </label>
      )}
      <label>
        From
        <input type="date" value={wanted.from} max={wanted.until === "" ? undefined : wanted.until} onChange={(e) => onChange({ from: e.target.value })} />
      </label>
      <label>
        Until
        <input type="date" value={wanted.until} min={wanted.from === "" ? undefined : wanted.from} onChange={(e) => onChange({ until: e.target.value })} />
      </label>
      <label className="check">
        <input type="checkbox" checked={wanted.reads} onChange={(e) => onChange({ reads: e.target.checked })} /> Include reads and refused requests
      </label>
    </form>
  );
}
