import { useCallback, useMemo, useSyncExternalStore } from "react";
import { encodePath, type Path } from "./path";

/** Where in the application somebody is. Every state that can be linked to is one. */
export type Place =
  | { at: "home" }
  | { at: "files"; path: Path }
  | { at: "project"; project: string }
  | { at: "shared" }
  | { at: "tokens" }
  | { at: "admin" }
  | { at: "discover" }
  | { at: "nowhere" };

/** The order of a listing. */
export type SortKey = "name" | "size" | "changed" | "owner";

/** What of a listing's view is part of its address. */
export interface View {
  sort: SortKey;
  descending: boolean;
  /** Part of the names that are shown; "": all. */
  filter: string;
  /** What else of the page is linked to, each by the name that its room gives it (useLinked): the open dialog, the row that is shown. */
  more: Readonly<Record<string, string>>;
}

/** The view that an address without a query stands for. */
export const plainView: View = { sort: "name", descending: false, filter: "", more: {} };

const ofListings = new Set(["sort", "descending", "filter"]);

const sortKeys: readonly SortKey[] = ["name", "size", "changed", "owner"];

/** The address of a place, with how it is looked at. */
export function hrefOf(place: Place, view: View = plainView): string {
  const query = new URLSearchParams();
  if (view.sort !== plainView.sort) query.set("sort", view.sort);
  if (view.descending) query.set("descending", "");
  if (view.filter !== "") query.set("filter", view.filter);
  for (const [name, value] of Object.entries(view.more)) query.set(name, value);
  const tail = query.size === 0 ? "" : `?${query.toString()}`;
  switch (place.at) {
    case "home":
      return `/${tail}`;
    case "files":
      return `/files/${encodePath(place.path)}${tail}`;
    case "project":
      return `/projects/${encodeURIComponent(place.project)}${tail}`;
    case "shared":
      return `/shared${tail}`;
    case "admin":
      return `/admin${tail}`;
    case "tokens":
      return `/tokens${tail}`;
    case "discover":
      return `/discover${tail}`;
    case "nowhere":
      return "/nowhere";
  }
}

/** What the path of an address stands for. */
export function placeOf(pathname: string): Place {
  const names = pathname.split("/").filter((name) => name !== "");
  let decoded: string[];
  try {
    decoded = names.map(decodeURIComponent);
  } catch {
    return { at: "nowhere" };
  }
  const [first, ...rest] = decoded;
  switch (first) {
    case undefined:
      return { at: "home" };
    case "files":
      return { at: "files", path: `/${rest.join("/")}` };
    case "projects":
      return rest.length === 1 && rest[0] !== undefined ? { at: "project", project: rest[0] } : { at: "nowhere" };
    case "shared":
    case "discover":
    case "tokens":
    case "admin":
      return rest.length === 0 ? { at: first } : { at: "nowhere" };
  }
  return { at: "nowhere" };
}

/** How the query of an address says that a place is looked at. */
export function viewOf(search: string): View {
  const query = new URLSearchParams(search);
  const sort = sortKeys.find((key) => key === query.get("sort")) ?? plainView.sort;
  const more = Object.fromEntries([...query].filter(([name]) => !ofListings.has(name)));
  return { sort, descending: query.has("descending"), filter: query.get("filter") ?? "", more };
}

const moved = new EventTarget();

// Browsers take no more than 100 addresses in ten seconds (Safari) or 200 (Chromium); more throw, or are left out in silence. A slider that is dragged has more, and so
// has a key that is held.
const atOnce = 20; // addresses
const pace = 200; // milliseconds for each that follows

let spare = atOnce; // addresses that the browser is told at once
let counted = 0; // when they were counted, in milliseconds since 1970
let ahead: string | undefined; // the address that one is at, where the browser is not told yet
let telling: ReturnType<typeof setTimeout> | undefined;

/** The address that one is at, from its path on. */
export function here(): string {
  return ahead ?? location.pathname + location.search;
}

/** Has the browser show an address in the place of that of now, the last of many in a while. */
function replaceBy(href: string): void {
  const now = Date.now();
  spare = Math.min(atOnce, spare + (now - counted) / pace);
  counted = now;
  ahead = href;
  if (spare >= 1) tell();
  else telling ??= setTimeout(tell, pace);
}

function tell(): void {
  if (ahead !== undefined) {
    history.replaceState(null, "", ahead);
    spare--;
  }
  forget();
}

/** Tells the browser nothing more of where one was: one is elsewhere. */
function forget(): void {
  clearTimeout(telling);
  telling = ahead = undefined;
}

/** Goes to another place; replace: in the place of where one is now, so that "back" leads past it. */
export function go(place: Place, view?: View, replace = false): void {
  const href = hrefOf(place, view);
  if (replace) replaceBy(href);
  else {
    tell(); // "back" leads to what was seen last
    history.pushState(null, "", href);
  }
  moved.dispatchEvent(new Event("moved"));
}

function subscribe(changed: () => void): () => void {
  const back = () => {
    forget();
    changed();
  };
  window.addEventListener("popstate", back);
  moved.addEventListener("moved", changed);
  return () => {
    window.removeEventListener("popstate", back);
    moved.removeEventListener("moved", changed);
  };
}

function read(address: string): { place: Place; view: View } {
  const at = address.indexOf("?");
  return at < 0 ? { place: placeOf(address), view: plainView } : { place: placeOf(address.slice(0, at)), view: viewOf(address.slice(at)) };
}

/** Whether what lies at a path is shown just now, and a state that is part of the address has a value there. */
export function isShown(path: Path, name: string, value: string): boolean {
  const { place, view } = read(here());
  return place.at === "files" && place.path === path && (view.more[name] ?? "") === value;
}

/** The address that one is at; a component that uses it is drawn again when that changes. */
export function useAddress(): { place: Place; view: View } {
  const address = useSyncExternalStore(subscribe, here);
  return useMemo(() => read(address), [address]);
}

/**
 * A state that is part of the address, such as the open dialog: its value, "" where the address does not say, and what sets it,
 * "" to take it away. With replace, "back" does not lead to the value before.
 */
export function useLinked(name: string): [value: string, set: (value: string, replace?: boolean) => void] {
  const { view } = useAddress();
  const set = useCallback(
    (value: string, replace = false) => {
      // Read anew: another state may have been set since this was drawn.
      const { place, view: now } = read(here());
      const { [name]: _, ...rest } = now.more;
      go(place, { ...now, more: value === "" ? rest : { ...rest, [name]: value } }, replace);
    },
    [name],
  );
  return [view.more[name] ?? "", set];
}
