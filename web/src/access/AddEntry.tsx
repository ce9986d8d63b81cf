import { useId, useState, type ReactElement } from "react";
import { NameField } from "../people/NameField";
import { textOf, type EntryDraft } from "./draft";

interface AddEntryProps {
  scope: "access" | "default";
  directories: boolean;
  taken: (key: string) => boolean;
  onAdd: (entry: EntryDraft) => void;
}

/** Adds a person or a group to an access list, initially with read rights. */
export function AddEntry({ scope, directories, taken, onAdd }: AddEntryProps): ReactElement {
  const id = useId();
  const [type, setType] = useState<"user" | "group">("user");
  const [name, setName] = useState("");
  const entry: EntryDraft = { default: scope === "default", type, name: name.trim(), may: directories ? "r-x" : "r--" };
  const fault = /[:,]/.test(entry.name) ? "Names in an access list cannot contain colons or commas." : taken(textOf(entry)) ? `${entry.name} is already on the list.` : undefined;
  const add = () => {
    if (entry.name === "" || fault !== undefined) return;
    onAdd(entry);
    setName("");
  };
  const what = scope === "default" ? "the default access list" : "the access list";
  return (
    <>
      <div className="row access-add" role="group" aria-label={`Add to ${what}`}>
        <select aria-label={`Type of entry to add to ${what}`} value={type} onChange={(e) => setType(e.target.value === "group" ? "group" : "user")}>
          <option value="user">Person</option>
          <option value="group">Group</option>
        </select>
        <NameField kind={type} label={`Name to add to ${what}`} value={name} placeholder={type === "user" ? "User name" : "Group or project"} onChange={setName} onEnter={add} faultId={fault === undefined ? undefined : id} />
        <button type="button" onClick={add} disabled={entry.name === "" || fault !== undefined}>
          Add
        </button>
      </div>
      {fault !== undefined && (
        <p id={id} className="fault" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}
