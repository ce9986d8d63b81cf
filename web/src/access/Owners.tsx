import { useState, type ReactElement } from "react";
import type { Me } from "../api/client";
import { NameField } from "../people/NameField";
import { projectOf, visible } from "../path";
import type { EditProps } from "./Bits";

interface OwnersProps extends EditProps {
  of: "owner" | "group";
  me: Me;
}

/**
 * The owner or the group, with a choice of another where the server allows it: superusers may set both; whoever owns an item may give it to a group that
 * they are in.
 */
export function Owners({ of, states, draft, onChange, fixed, me }: OwnersProps): ReactElement {
  const [typed, setTyped] = useState<string>(); // also when it is empty, which changes nothing
  const all = [...new Set(states.map((s) => s[of]))];
  const [only] = all;
  const now = draft[of] !== "" ? draft[of] : all.length === 1 && only !== undefined ? only : undefined;
  const set = (name: string) => onChange({ ...draft, [of]: all.length === 1 && name === only ? "" : name });
  const title = of === "owner" ? "Owner" : "Group";
  if (fixed || (of === "owner" && !me.superuser)) {
    return <span className="cut">{now === undefined ? <span className="faint">{all.length} different ones</span> : <bdi>{visible(now)}</bdi>}</span>;
  }
  if (me.superuser) {
    return (
      <NameField
        kind={of === "owner" ? "user" : "group"}
        label={title}
        value={typed ?? now ?? ""}
        placeholder={all.length === 1 && only !== undefined ? visible(only) : `${all.length} different ones`}
        onChange={(name) => {
          setTyped(name);
          set(name);
        }}
      />
    );
  }
  const project = projectOf(states[0]?.path ?? "/");
  const choices = [...new Set([...all, ...(project === undefined ? [] : [project]), ...me.groups])];
  return (
    <select aria-label={title} value={now ?? ""} className={draft[of] === "" ? undefined : "touched"} onChange={(e) => set(e.target.value)}>
      {now === undefined && <option value="">{all.length} different ones</option>}
      {choices.map((group) => (
        <option key={group} value={group}>
          {visible(group)}
        </option>
      ))}
    </select>
  );
}
