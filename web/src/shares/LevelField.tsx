import type { ReactElement } from "react";
import type { Share } from "../api/client";
import { levels } from "./levels";

interface LevelFieldProps {
  level: Share["level"];
  onChange: (level: Share["level"]) => void;
  /** It is for a person, who owns no part of a project. */
  person: boolean;
}

/** What those with whom a dataset is shared may do. */
export function LevelField({ level, onChange, person }: LevelFieldProps): ReactElement {
  const possible = levels.filter((l) => !person || l.level !== "edit-by-owners");
  return (
    <>
      <label>
        They
        <select value={level} onChange={(e) => onChange(possible.find((l) => l.level === e.target.value)?.level ?? "read")}>
          {possible.map((l) => (
            <option key={l.level} value={l.level}>
              {l.label.toLowerCase()}
            </option>
          ))}
        </select>
      </label>
      <p className="faint">{levels.find((l) => l.level === level)?.means}</p>
    </>
  );
}
