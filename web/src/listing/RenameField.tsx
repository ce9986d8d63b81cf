import { useQueryClient } from "@tanstack/react-query";
import { useId, useLayoutEffect, useRef, useState, type FormEvent, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { toast } from "../parts/toasts";
import { join, nameFault, visible } from "../path";
import { composing } from "../shell/keys";
import { forgetDirectories } from "../tree/useDirectories";
import { rename } from "./actions";
import type { Draft } from "./draft";
import { listingKey } from "./useListing";

interface RenameFieldProps {
  draft: Draft;
  /** Called at the end, with the new name if the entry was renamed, and with whether the user is still in the field: the answer may have taken a while. */
  onDone: (renamed: string | undefined, here: boolean) => void;
}

/** A field in place of a name, to change it. */
export function RenameField({ draft, onDone }: RenameFieldProps): ReactElement {
  const queries = useQueryClient();
  const { dir, name } = draft;
  const [text, setText] = useState(draft.text);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  // In a layout effect, before anything else that is typed arrives.
  useLayoutEffect(() => {
    if (draft.left || (draft.begun && document.activeElement !== document.body)) return; // the user has gone on to something else
    draft.begun = true;
    field.current?.focus();
    field.current?.setSelectionRange(...draft.selected);
  }, [draft]);
  const done = (renamed?: string) => {
    if (draft.over) return;
    draft.over = true; // before onDone, which may move the focus: a name that was given up must not be committed by that
    onDone(renamed, !draft.left);
  };
  const keepSelection = ({ selectionStart: from, selectionEnd: to }: HTMLInputElement) => {
    if (from !== null && to !== null) draft.selected = [from, to];
  };
  const fault = text === name ? undefined : nameFault(text);
  const commit = async (e?: FormEvent) => {
    e?.preventDefault();
    if (draft.busy || draft.over) return;
    if (text === name || fault !== undefined) {
      if (text === name) done();
      return;
    }
    draft.busy = true;
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
        aria-describedby={fault === undefined ? undefined : id}
        value={text}
        onChange={({ target }) => {
          draft.text = target.value;
          setText(target.value);
          keepSelection(target);
        }}
        onSelect={(e) => keepSelection(e.currentTarget)}
        onFocus={() => {
          draft.left = false;
        }}
        onBlur={() => {
          draft.left = document.activeElement !== field.current; // it keeps the focus while another window has it
          if (fault === undefined) void commit();
          else done();
        }}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === "Escape" && !composing(e)) done();
        }}
      />
      {fault !== undefined && (
        <span id={id} className="rename-fault" role="alert">
          {fault}
        </span>
      )}
    </form>
  );
}
