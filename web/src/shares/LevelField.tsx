import type { ReactElement } from "react";
import type { Share } from "../api/client";
import { levels } from "./levels";

interface LevelFieldProps {
  level: Share["level"];
  onChange: (level: Share["level"]) => void;
  /** The share is for a person; the level for data owners makes sense for projects only. */
  person: boolean;
}

/** A choice of what the recipients of a share may do. */
export function LevelField({ level, onChange, person }: LevelFieldProps): ReactElement {
  const possible = levels.filter((l) => !person || l.level !== "edit-by-owners");
  return (
    <>
      <label>
        Access
        <select value={level} onChange={(e) => onChange(possible.find((l) => l.level === e.target.value)?.level ?? "read")}>
          {possible.map((l) => (
            <option key={l.level} value={l.level}>
              {l.label}
            </option>
          ))}
        </select>
      </label>
      <p className="faint">{levels.find((l) => l.level === level)?.means}</p>
    </>
  );
}
