import { namesOf, visible } from "./path";
import type { Place } from "./place";

const ofPages = { home: "Projects", shared: "Shared with me", tokens: "Tokens and links", admin: "Administration", discover: "Discover", nowhere: "Page not found" } as const;

/** The title of the browser's tab at a place, the most particular first: of a path its last name and the directory that it is in. */
export function titleOf(place: Place): string {
  const names = place.at === "files" ? namesOf(place.path).slice(-2).reverse() : place.at === "project" ? [place.project] : [ofPages[place.at]];
  return [...(names.length === 0 ? ["/"] : names).map(visible), "Granary"].join(" · ");
}
