import { useMemo } from "react";
import type { RunTag } from "./runs";

/** Tags with the same part before the first slash. */
export interface TagGroup {
  name: string; // "" for those without a slash
  tags: readonly RunTag[];
}

/** Groups tags like TensorBoard. */
export function grouped(tags: readonly RunTag[]): TagGroup[] {
  const groups = new Map<string, RunTag[]>();
  for (const tag of tags) {
    const slash = tag.tag.indexOf("/");
    const name = slash < 0 ? "" : tag.tag.slice(0, slash);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [tag]);
    else group.push(tag);
  }
  return [...groups].map(([name, of]) => ({ name, tags: of }));
}

/** Parses a regular expression, or says what is wrong with it. It ignores case unless it contains capitals. */
export function patternOf(text: string): { pattern: RegExp } | { fault: string } {
  try {
    return { pattern: new RegExp(text, /[A-Z]/.test(text) ? "u" : "iu") };
  } catch (e) {
    const why = e instanceof Error ? e.message.replace(/^Invalid regular expression: (?:\/.*\/\w*: )?/su, "") : "";
    return { fault: `This is not a valid regular expression${why === "" ? "" : `: ${why}`}.` };
  }
}

/** The tags that match a filter; all of them, while it is invalid. */
export function useFiltered(tags: readonly RunTag[], filter: string): { tags: readonly RunTag[]; fault: string } {
  return useMemo(() => {
    const read = patternOf(filter);
    if ("fault" in read) return { tags, fault: read.fault };
    return { tags: filter === "" ? tags : tags.filter((tag) => read.pattern.test(tag.tag)), fault: "" };
  }, [tags, filter]);
}
