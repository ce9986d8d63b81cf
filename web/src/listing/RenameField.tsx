import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { toast } from "../parts/toasts";
import { join, nameFault, visible, type Path } from "../path";
import { composing } from "../shell/keys";
import { forgetDirectories } from "../tree/useDirectories";
import { rename } from "./actions";
import { listingKey } from "./useListing";

interface RenameFieldProps {
  dir: Path;
  name: string;
  /** Called at the end, with the new name if the entry was renamed, and with whether the user is still in the field: the answer may have taken a while. */
  onDone: (renamed: string | undefined, here: boolean) => void;
}

/** A field in place of a name, to change it. */
export function RenameField({ dir, name, onDone }: RenameFieldProps): ReactElement {
  const queries = useQueryClient();
  const [text, setText] = useState(name);
  const field = useRef<HTMLInputElement>(null);
  const busy = useRef(false);
  const left = useRef(false); // whether the focus is elsewhere
  const over = useRef(false);
  useEffect(() => {
    const end = name.lastIndexOf(".");
    field.current?.focus();
    field.current?.setSelectionRange(0, end > 0 ? end : name.length);
  }, [name]);
  const done = (renamed?: string) => {
    if (over.current) return;
    over.current = true; // before onDone, which may move the focus: a name that was given up must not be committed by that
    onDone(renamed, !left.current);
  };
  const fault = text === name ? undefined : nameFault(text);
  const commit = async (e?: FormEvent) => {
    e?.preventDefault();
    if (busy.current || over.current) return;
    if (text === name || fault !== undefined) {
      if (text === name) done();
      return;
    }
    busy.current = true;
    try {
      await rename({ from: join(dir, name), to: join(dir, text) });
      await queries.invalidateQueries({ queryKey: listingKey(dir) });
      forgetDirectories(queries, [join(dir, name)]);
    } catch (failure) {
      toast({ text: `“${visible(name)}” could not be renamed. ${wordsFor(failure)}`, tone: "bad" });
      done();
      return;
    }
    done(text);
  };
  return (
    <form className="rename" onSubmit={(e) => void commit(e)} onClick={(e) => e.stopPropagation()} onDoubleClick={(e) => e.stopPropagation()}>
      <input
        ref={field}
        aria-label={`New name of ${visible(name)}`}
        aria-invalid={fault !== undefined}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onFocus={() => {
          left.current = false;
        }}
        onBlur={() => {
          left.current = document.activeElement !== field.current; // it keeps the focus while another window has it
          if (fault === undefined) void commit();
          else done();
        }}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === "Escape" && !composing(e)) done();
        }}
      />
      {fault !== undefined && (
        <span className="rename-fault" role="alert">
          {fault}
        </span>
      )}
    </form>
  );
}
