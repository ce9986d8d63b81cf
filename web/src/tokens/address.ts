import { namesOf, parentOf, projectOf, type Path } from "../path";
import type { Spot } from "./lines";
import type { Verb } from "./verbs";

/** The linked states of the tokens page that open the form of a new token for a file or directory. */
export function newTokenFor({ path, directory }: Spot, verbs: readonly Verb[]): Record<string, string> {
  const project = projectOf(path);
  const form = { new: "1", verbs: verbs.join(",") };
  if (project === undefined) return form; // tokens can only be limited to projects and directories in them
  const dir: Path = directory ? path : parentOf(path);
  return namesOf(dir).length < 3 ? { ...form, project } : { ...form, project, dir };
}
