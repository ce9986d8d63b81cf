import type { components } from "../../../clients/typescript/schema";

/** A token as the list shows it. */
export type Token = components["schemas"]["Token"];
/** What a token may be used for. */
export type Verb = NonNullable<Token["verbs"]>[number];

/** What a token may be used for, in the words of who makes it. */
export const verbs: readonly { verb: Verb; label: string; means: string; does: string }[] = [
  { verb: "read", label: "Read", means: "See names, attributes and content.", does: "reads" },
  { verb: "add", label: "Add", means: "Make new files, and append. Nothing is replaced or deleted.", does: "adds" },
  { verb: "write", label: "Write", means: "Change anything about files and folders.", does: "writes" },
  { verb: "manage", label: "Manage", means: "Change members, shares, tokens and sessions.", does: "manages" },
];

/** What a token does, as in "reads and adds"; without verbs it may do everything that its user may. */
export function doesOf(of: readonly Verb[] | undefined): string {
  if (of === undefined) return "everything that you may";
  const words = verbs.filter(({ verb }) => of.includes(verb)).map(({ does }) => does);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

/** The verbs that a text of an address names, such as "read,add"; reading alone, if it names none. */
export function verbsOf(text: string): Verb[] {
  const named = text.split(",");
  const known = verbs.map(({ verb }) => verb).filter((verb) => named.includes(verb));
  return known.length === 0 ? ["read"] : known;
}

/** Whether a token with these verbs may be used for reading, and for making new files. */
export function usesOf(of: readonly Verb[] | undefined): { reads: boolean; writes: boolean } {
  return of === undefined ? { reads: true, writes: true } : { reads: of.includes("read"), writes: of.includes("add") || of.includes("write") };
}

/** What a kind of token is called. */
export const kinds: Record<Token["kind"], string> = { personal: "", token: "signed", delegation: "Hadoop job" };
