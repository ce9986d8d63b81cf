import type { components } from "../../../clients/typescript/schema";
import type { Labels } from "./useLabels";

/** A tag as it is typed; with an empty key and value it is none. */
export interface Tag {
  key: string;
  value: string;
}

/**
 * What turns the labels that were there before into those that were typed. What was not touched is not in it, so that others who change other labels at the
 * same time lose nothing. Of a key that was typed twice the last one counts.
 */
export function changeOf(before: Labels, description: string, typed: readonly Tag[]): components["schemas"]["LabelChange"] {
  const wanted = new Map(typed.filter((tag) => tag.key !== "").map((tag) => [tag.key, tag.value]));
  const set = [...wanted].filter(([key, value]) => before.tags[key] !== value);
  const remove = Object.keys(before.tags).filter((key) => !wanted.has(key));
  return {
    ...(description === before.description ? {} : { description }),
    ...(set.length === 0 ? {} : { set: Object.fromEntries(set) }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}
