import { useState, type ReactElement } from "react";
import { NameField } from "../people/NameField";
import { textOf, type EntryDraft } from "./draft";

interface AddEntryProps {
  scope: "access" | "default";
  directories: boolean;
  taken: (key: string) => boolean;
  onAdd: (entry: EntryDraft) => void;
}

/** Adds somebody, or a group, to an ACL: at first as a reader. */
export function AddEntry({ scope, directories, taken, onAdd }: AddEntryProps): ReactElement {
  const [type, setType] = useState<"user" | "group">("user");
  const [name, setName] = useState("");
  const entry: EntryDraft = { default: scope === "default", type, name: name.trim(), may: directories ? "r-x" : "r--" };
  const fault = /[:,]/.test(entry.name) ? "A name in an access list cannot hold a colon or a comma." : taken(textOf(entry)) ? `${entry.name} has an entry already.` : undefined;
  const add = () => {
    if (entry.name === "" || fault !== undefined) return;
    onAdd(entry);
    setName("");
  };
  const what = scope === "default" ? "the default access list" : "the access list";
  return (
    <>
      <div className="row access-add" role="group" aria-label={`Add to ${what}`}>
        <select aria-label={`Whom to add to ${what}`} value={type} onChange={(e) => setType(e.target.value === "group" ? "group" : "user")}>
          <option value="user">Person</option>
          <option value="group">Group</option>
        </select>
        <NameField kind={type} label={`Name to add to ${what}`} value={name} placeholder={type === "user" ? "User name" : "Group or project"} onChange={setName} onEnter={add} />
        <button type="button" onClick={add} disabled={entry.name === "" || fault !== undefined}>
          Add
        </button>
      </div>
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}
