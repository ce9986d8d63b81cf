import { namesOf, parentOf, projectOf, type Path } from "../path";
import type { Spot } from "./lines";
import type { Verb } from "./verbs";

/** What the address of the page of tokens says for the form of a new one that is for what lies at a spot. */
export function newTokenFor({ path, directory }: Spot, verbs: readonly Verb[]): Record<string, string> {
  const project = projectOf(path);
  const form = { new: "1", verbs: verbs.join(",") };
  if (project === undefined) return form; // tokens are limited to projects and what is in them
  const dir: Path = directory ? path : parentOf(path);
  return namesOf(dir).length < 3 ? { ...form, project } : { ...form, project, dir };
}
