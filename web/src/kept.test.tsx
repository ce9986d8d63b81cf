// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { untouched } from "./access/draft";
import { Outcome } from "./access/Outcome";
import { usePreview } from "./access/states";
import { api, type FileStatus } from "./api/client";
import { Images } from "./curves/Images";
import type { Run } from "./curves/runs";
import LabelFacts from "./labels/LabelFacts";
import HtmlView from "./look/HtmlView";
import ImageView from "./look/image/ImageView";
import { StoredImage } from "./look/image/StoredImage";
import SvgView from "./look/image/SvgView";
import JsonView from "./look/json/JsonView";
import NotebookView from "./notebook/NotebookView";
import { go, plainView } from "./place";
import { Requests } from "./projects/Requests";

vi.mock("./session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada", groups: [] }) }));

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const may = { user: "", before: { may: "---" }, after: { may: "r--" } };
const answers: Readonly<Record<string, unknown>> = {
  "/api/v1/labels": { description: "Scans.", tags: {} },
  "/api/v1/projects/{project}/requests": { items: [{ id: 1, user: "eve", message: "", created: "2026-01-02T03:04:05Z" }] },
  "/api/v1/images": { images: [{ step: 1, sample: 0, wallTime: 1, width: 2, height: 2, length: 33, type: "image/png" }], thinned: false, partial: false },
  "/api/v1/access/preview": { after: { directory: false, mode: "640" }, users: [], everyone: may, all: false, partial: false },
};

function Preview(): ReactElement {
  return <Outcome of={usePreview("/f", {}, true)} draft={untouched} paths={["/f"]} path="/f" onPath={() => undefined} />;
}

const png = Uint8Array.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x02\0\0\0\0\0\0\0", (c) => c.charCodeAt(0));

const status = { fileId: 1, modificationTime: 1, length: 100 } as FileStatus;

/** Shows something of which the server tells, and of a file with a content, until it is told to be away. */
function page(what: ReactElement, content: string | Uint8Array<ArrayBuffer>) {
  let away = false;
  const answer = (route: string) =>
    Promise.resolve(away ? { error: { detail: "Too busy." }, response: new Response(null, { status: 503 }) } : { data: answers[route] ?? { items: [] }, response: new Response(null, { status: 200 }) });
  vi.spyOn(api, "GET").mockImplementation(answer as never);
  vi.spyOn(api, "POST").mockImplementation(answer as never);
  vi.stubGlobal("fetch", () => Promise.resolve(away ? Response.json({ detail: "Too busy." }, { status: 503 }) : new Response(content)));
  go({ at: "files", path: "/f" }, { ...plainView, more: { as: "rendered" } });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={queries}>{what}</QueryClientProvider>);
  return { place, queries, server: (goes: "away" | "back") => (away = goes === "away") };
}

test.for<[string, ReactElement, string | Uint8Array<ArrayBuffer>, string]>([
  ["requests for access", <Requests project="p" />, "", "[aria-label='Request of eve']"],
  ["labels", <LabelFacts path="/f" onEdit={() => undefined} />, "", ".label-text"],
  ["a preview of permissions", <Preview />, "", "table"],
  ["an image", <ImageView path="/f.png" status={status} />, png, "img"],
  ["a drawing", <SvgView path="/f.svg" status={status} />, '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>', "img"],
  ["a page", <HtmlView path="/f.html" status={status} />, "<p>words</p>", "iframe"],
  ["JSON", <JsonView path="/f.json" status={status} />, "[1]", "[role=tree]"],
  ["a notebook", <NotebookView path="/f.ipynb" status={status} />, '{"nbformat":4,"cells":[]}', "[aria-label=Cells]"],
])("%s: what is on the page stays when it cannot be read again, with the reason beside it", async ([, what, content, shown]) => {
  const { place, queries, server } = page(what, content);
  await vi.waitFor(() => expect(place.querySelector(shown)).not.toBeNull(), 20_000);
  expect(place.querySelector("[role=alert]")).toBeNull();
  server("away");
  await queries.invalidateQueries(); // as after one has signed in again
  await vi.waitFor(() => expect(place.querySelector("[role=alert]")?.textContent).toContain("Too busy."), 20_000);
  expect(place.querySelector(shown)).not.toBeNull();
  server("back");
  place.querySelector<HTMLElement>("[role=alert] button")?.click();
  await vi.waitFor(() => expect(place.querySelector("[role=alert]")).toBeNull(), 20_000);
});

test.for<[string, ReactElement]>([
  ["in a text", <StoredImage path="/f.png" alt="" />],
  ["of a run", <Images dir="/d" tags={[{ tag: "x", runs: ["a"] }]} runs={[{ run: "a", state: "1" } as Run]} strokes={new Map()} notes={<></>} />],
])("an image %s stays when it cannot be read again", async ([, what]) => {
  class Seen {
    constructor(private readonly tell: (seen: unknown[]) => void) {}
    observe = () => this.tell([{ isIntersecting: true }]);
    disconnect = () => undefined;
  }
  vi.stubGlobal("IntersectionObserver", Seen);
  const { place, queries, server } = page(what, png);
  await vi.waitFor(() => expect(place.querySelector("img")).not.toBeNull(), 20_000);
  server("away");
  await queries.invalidateQueries();
  await vi.waitFor(() => expect(queries.getQueryCache().getAll().some(({ state }) => state.status === "error")).toBe(true), 20_000);
  await new Promise((done) => setTimeout(done, 20)); // it would be drawn
  expect(place.querySelector("img")).not.toBeNull();
});
