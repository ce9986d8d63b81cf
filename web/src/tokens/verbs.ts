import type { components } from "../../../clients/typescript/schema";

/** A token as the list shows it. */
export type Token = components["schemas"]["Token"];
/** A permission of a token. */
export type Verb = NonNullable<Token["verbs"]>[number];

/** The permissions of tokens, with labels and explanations. */
export const verbs: readonly { verb: Verb; label: string; means: string; does: string }[] = [
  { verb: "read", label: "Read", means: "See names, attributes and contents.", does: "read" },
  { verb: "add", label: "Add", means: "Create files and append to them, but not replace or delete anything.", does: "add" },
  { verb: "write", label: "Write", means: "Change, replace and delete files and folders.", does: "write" },
  { verb: "manage", label: "Manage", means: "Change members, shares, tokens and sessions.", does: "manage" },
];

/** What a token can do, as in "read and add". Without verbs it can do everything that its user can. */
export function doesOf(of: readonly Verb[] | undefined): string {
  if (of === undefined) return "do everything you can";
  const words = verbs.filter(({ verb }) => of.includes(verb)).map(({ does }) => does);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

/** The verbs in a text such as "read,add", from an address; only read, if it has none. */
export function verbsOf(text: string): Verb[] {
  const named = text.split(",");
  const known = verbs.map(({ verb }) => verb).filter((verb) => named.includes(verb));
  return known.length === 0 ? ["read"] : known;
}

/** Whether a token with these verbs may be used for reading, and for making new files. */
export function usesOf(of: readonly Verb[] | undefined): { reads: boolean; writes: boolean } {
  return of === undefined ? { reads: true, writes: true } : { reads: of.includes("read"), writes: of.includes("add") || of.includes("write") };
}

/** The labels of the kinds of tokens. */
export const kinds: Record<Token["kind"], string> = { personal: "", token: "signed", delegation: "Hadoop job" };
