import type { Share } from "../api/client";

/** The levels of a share, with labels and explanations. */
export const levels: readonly { level: Share["level"]; label: string; means: string }[] = [
  { level: "read", label: "Can read", means: "All recipients can read." },
  { level: "edit", label: "Can edit", means: "All recipients can read and write, except observers." },
  { level: "edit-by-owners", label: "Data owners can edit", means: "All members of their project can read; only its data owners can write." },
];

/** The label of a level. */
export function labelOf(level: Share["level"]): string {
  return levels.find((l) => l.level === level)?.label ?? level;
}

/** The project or user that a share is for. */
export function recipientOf(share: Share): string {
  return share.toProject ?? share.toUser ?? "";
}
