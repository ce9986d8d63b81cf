import { useState, type FormEvent, type ReactElement } from "react";
import { isDate } from "../format";
import { useLinked } from "../place";
import type { Wanted } from "./entries";

/** What of a history is looked at, which is part of the address. */
export function useWanted(): { wanted: Wanted; set: (change: Partial<Wanted>) => void } {
  const [user, setUser] = useLinked("by"); // a file's page has others of its own, such as from and who
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

/** A day that an address names; "": it names none. A field for dates gives years of five digits, too, while somebody types. */
function dayIn(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) && isDate(Date.parse(text)) ? text : "";
}

/** Nothing in particular. */
export const anything: Wanted = { user: "", from: "", until: "", reads: false };

/** Whether nothing in particular is wanted. */
export function wantsAnything({ user, from, until, reads }: Wanted): boolean {
  return user + from + until === "" && !reads;
}

interface FiltersProps {
  wanted: Wanted;
  onChange: (change: Partial<Wanted>) => void;
  /** Whether the caller may know what others did. */
  others: boolean;
}

/** Asks whose doings of which days are shown, and whether readings and refusals are. */
export function Filters({ wanted, onChange, others }: FiltersProps): ReactElement {
  const [typed, setTyped] = useState(wanted.user);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    onChange({ user: typed.trim() });
  };
  return (
    <form className="history-filters" role="search" aria-label="What is shown" onSubmit={submit}>
      {others && (
        <label className="history-who">
          By
          <input placeholder="anybody" autoCapitalize="none" spellCheck={false} value={typed} onChange={(e) => setTyped(e.target.value)} onBlur={() => typed.trim() !== wanted.user && onChange({ user: typed.trim() })} />
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
        <input type="checkbox" checked={wanted.reads} onChange={(e) => onChange({ reads: e.target.checked })} /> Readings and refusals, too
      </label>
    </form>
  );
}
