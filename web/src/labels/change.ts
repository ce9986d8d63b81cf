import type { components } from "../../../clients/typescript/schema";
import type { Labels } from "./useLabels";

/** A tag as it is typed. A row with an empty key and an empty value is not a tag. */
export interface Tag {
  key: string;
  value: string;
}

/**
 * The change that turns the labels before into those that were typed. It contains only what was touched, so that it overwrites nothing that others change
 * at the same time. If a key was typed twice, the last one counts.
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
