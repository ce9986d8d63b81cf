import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { encodePath, type Path } from "./path";

/** A page of the application. */
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

/** The part of an address that says how a place is shown. */
export interface View {
  sort: SortKey;
  descending: boolean;
  /** Only names that contain this text are shown; "" for all. */
  filter: string;
  /** Other linked states of the page (useLinked), by name, such as the open dialog or the row that is shown. */
  more: Readonly<Record<string, string>>;
}

/** The view that an address without a query stands for. */
export const plainView: View = { sort: "name", descending: false, filter: "", more: {} };

const ofListings = new Set(["sort", "descending", "filter"]);

const sortKeys: readonly SortKey[] = ["name", "size", "changed", "owner"];

/** The address of a place in a view. */
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

/** The place that the path of an address stands for. */
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

/** The view that the query of an address stands for. */
export function viewOf(search: string): View {
  const query = new URLSearchParams(search);
  const sort = sortKeys.find((key) => key === query.get("sort")) ?? plainView.sort;
  const more = Object.fromEntries([...query].filter(([name]) => !ofListings.has(name)));
  return { sort, descending: query.has("descending"), filter: query.get("filter") ?? "", more };
}

const moved = new EventTarget();

// Browsers accept no more than 100 addresses in ten seconds (Safari) or 200 (Chromium). More throw errors or are silently ignored. Dragging a slider or
// holding a key produces more.
const atOnce = 20; // addresses
const pace = 200; // milliseconds per address after that

let spare = atOnce; // addresses that may be set without waiting
let counted = 0; // when spare was last updated, in milliseconds since 1970
let ahead: string | undefined; // the current address, if the browser does not have it yet
let telling: ReturnType<typeof setTimeout> | undefined;

/** The current address, from its path on. */
export function here(): string {
  return ahead ?? location.pathname + location.search;
}

/** Replaces the browser's current address; of many in quick succession only the last. */
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

/** Drops an address that the browser does not have yet, since the page has moved on. */
function forget(): void {
  clearTimeout(telling);
  telling = ahead = undefined;
}

/** Goes to another place. With replace, it takes the current address's place in the history. */
export function go(place: Place, view?: View, replace = false): void {
  const href = hrefOf(place, view);
  if (replace) replaceBy(href);
  else {
    tell(); // so that "back" leads to the latest state
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

/** Whether a page is shown now. */
export function isAt(place: Place): boolean {
  return hrefOf(read(here()).place) === hrefOf(place);
}

/** Whether the page of a path is shown now, and a linked state has a value. */
export function isShown(path: Path, name: string, value: string): boolean {
  return isAt({ at: "files", path }) && (read(here()).view.more[name] ?? "") === value;
}

/** The current place and view; the component is rendered again when they change. */
export function useAddress(): { place: Place; view: View } {
  const address = useSyncExternalStore(subscribe, here);
  return useMemo(() => read(address), [address]);
}

/**
 * A linked state, which is part of the address, such as the open dialog: its value, "" if the address has none, and a function that sets it, with "" to
 * remove it. With replace, "back" does not lead to the previous value.
 */
export function useLinked(name: string): [value: string, set: (value: string, replace?: boolean) => void] {
  const { view } = useAddress();
  const set = useCallback(
    (value: string, replace = false) => {
      // Read from the address, since another state may have been set after this was rendered.
      const { place, view: now } = read(here());
      const { [name]: _, ...rest } = now.more;
      go(place, { ...now, more: value === "" ? rest : { ...rest, [name]: value } }, replace);
    },
    [name],
  );
  return [view.more[name] ?? "", set];
}

/**
 * A function that closes the dialog that linked states describe, by removing them. It does nothing if the page, or one of the states, is another one than at this
 * rendering, or was in the meantime: what a dialog waited for may come after the user has left it, and must not close another one, even of the same kind.
 */
export function useClose(...names: readonly string[]): () => void {
  const { place, view } = useAddress();
  const state = hrefOf(place, { ...plainView, more: Object.fromEntries(names.map((name) => [name, view.more[name] ?? ""])) });
  const turn = useRef({ state, gone: false }); // another object each time that the state has changed
  if (turn.current.state !== state) turn.current = { state, gone: false };
  const { current: mine } = turn;
  useEffect(() => {
    turn.current.gone = false;
    return () => {
      turn.current.gone = true;
    };
  }, []);
  return () => {
    const { view: now } = read(here());
    if (mine !== turn.current || mine.gone || !isAt(place) || names.some((name) => now.more[name] !== view.more[name])) return;
    go(place, { ...now, more: Object.fromEntries(Object.entries(now.more).filter(([name]) => !names.includes(name))) }, true);
  };
}
