import type { Share } from "../api/client";

/** What the recipients of a share may do, in the words of who offers it. */
export const levels: readonly { level: Share["level"]; label: string; means: string }[] = [
  { level: "read", label: "Can read", means: "Everybody it is shared with can read." },
  { level: "edit", label: "Can edit", means: "Everybody it is shared with can read and write, but for observers." },
  { level: "edit-by-owners", label: "Owners can edit", means: "Everybody can read; only data owners of their project can write." },
];

/** The label of a level. */
export function labelOf(level: Share["level"]): string {
  return levels.find((l) => l.level === level)?.label ?? level;
}

/** With whom a share is. */
export function recipientOf(share: Share): string {
  return share.toProject ?? share.toUser ?? "";
}
