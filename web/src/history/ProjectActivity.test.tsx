// @vitest-environment happy-dom
import { QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, type Project } from "../api/client";
import { Queries } from "../api/queries";
import { go, plainView } from "../place";
import ProjectActivity from "./ProjectActivity";

let happen: () => void = () => undefined; // what the feed of the project calls

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", superuser: false }) }));
vi.mock("../api/feed", () => ({
  useFeed: (_: string, onChange: () => void) => {
    happen = onChange;
  },
}));

const takes = 1_000; // milliseconds until a page of the history comes
const project = { name: "p", path: "/Projects/p", role: "owner" } as Project;

let root: Root | undefined;
let newest = 0; // the latest entry of the history
let asked: string[] = []; // the pages that were asked for

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  newest = 0;
  asked = [];
  const page = async (_: string, { params, signal }: { params: { query: { after?: string; user?: string } }; signal: AbortSignal }) => {
    const { after, user = "someone" } = params.query;
    asked.push(after ?? "");
    await new Promise((done, fail) => {
      setTimeout(done, takes);
      signal.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError")));
    });
    const entry = (name: string) => ({ seq: 1, at: "2026-01-31T12:00:00Z", user, op: "create", detail: {}, path: `/Projects/p/${name}` });
    const data = after === undefined ? { items: [entry(`newest-${newest}`)], next: "older" } : { items: [entry("oldest")] };
    return { data, response: new Response(null, { status: 200 }) };
  };
  vi.spyOn(api, "GET").mockImplementation(page as never);
});
afterEach(async () => {
  await act(() => root?.unmount());
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Shows the activity of a project. */
async function shown() {
  go({ at: "project", project: "p" }, { ...plainView, more: { tab: "activity" } });
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  await act(() => root?.render(<QueryClientProvider client={new Queries()}><ProjectActivity project={project} role="owner" /></QueryClientProvider>));
  return place;
}

/** Lets some time go by in which a file is written every 200 ms. */
async function busy(time: number): Promise<void> {
  for (let t = 0; t < time; t += 200) {
    newest++;
    happen();
    await act(() => vi.advanceTimersByTimeAsync(200));
  }
}

const showOlder = (place: HTMLElement) => act(() => [...place.querySelectorAll("button")].find((b) => b.textContent === "Show older")?.click());

test("in a busy project the history comes, also what a filter finds and what is older", async () => {
  const place = await shown();
  await busy(2 * takes);
  expect(place.textContent).toContain("newest-");
  await act(() => go({ at: "project", project: "p" }, { ...plainView, more: { tab: "activity", by: "bob" } }));
  await busy(2 * takes);
  expect(place.textContent).toContain("bob");
  await showOlder(place);
  await busy(2 * takes);
  expect(place.textContent).toContain("oldest");
  await act(() => vi.advanceTimersByTimeAsync(20 * takes));
  expect(place.textContent).toContain(`newest-${newest}`);
  const before = asked.length;
  await act(() => vi.advanceTimersByTimeAsync(20 * takes));
  expect(asked.length).toBe(before);
});

test("who asks for what is older while the history is read again still gets what is new", async () => {
  const place = await shown();
  await act(() => vi.advanceTimersByTimeAsync(takes + 100));
  happen();
  await act(() => vi.advanceTimersByTimeAsync(400 + takes / 2));
  newest = 7;
  await showOlder(place);
  await act(() => vi.advanceTimersByTimeAsync(takes + 100));
  expect(place.textContent).toContain("oldest");
  await act(() => vi.advanceTimersByTimeAsync(3 * takes));
  expect(place.textContent).toContain("newest-7");
});
