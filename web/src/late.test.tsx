// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "./api/client";
import Discover from "./discover/Discover";
import { Tools, type Deeds } from "./listing/Tools";
import { Destination } from "./moving/Destination";
import { go, here } from "./place";

vi.mock("./session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada" }) }));

let root: Root | undefined;
let answer: () => void = () => undefined; // gives the late answer
let asked: string[] = []; // for which it was asked

beforeEach(() => {
  asked = [];
  const late = new Promise<void>((done) => {
    answer = done;
  });
  const reply = (data: unknown) => ({ data, response: new Response(null, { status: 200 }) });
  const found = { project: "q", dataset: 1, name: "d", description: "", public: true };
  const ask = (route: string) => {
    if (route === "/api/v1/discover") return Promise.resolve(reply({ items: [found] }));
    if (["/api/v1/projects", "/api/v1/directories"].includes(route)) return Promise.resolve(reply({ items: [] }));
    asked.push(route);
    return late.then(() => reply({ Path: "/user/ada/.Trash", path: "/Projects/q/d" }));
  };
  for (const method of ["GET", "PUT"] as const) vi.spyOn(api, method).mockImplementation(ask as never);
});
afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

function shown(what: ReactElement): HTMLElement {
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={new QueryClient()}>{what}</QueryClientProvider>);
  return place;
}

async function press(place: ParentNode, selector: string, text: string): Promise<void> {
  const found = await vi.waitFor(() => [...place.querySelectorAll<HTMLElement>(selector)].find((e) => e.textContent.includes(text)) ?? Promise.reject(new Error(text)));
  found.click();
}

function type(field: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Has the late answer come, and waits for what should follow from it, or for a while in which what should not would. */
async function come(follows: () => void): Promise<void> {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
  answer();
  await new Promise((done) => setTimeout(done, 20));
  await vi.waitFor(follows);
}

test("who opens the trash and goes elsewhere before it is found stays there", async () => {
  const dir = "/user/ada/d";
  for (const [leaves, to] of [[true, "/files/user/ada/other"], [false, "/files/user/ada/.Trash/Current"]] as const) {
    go({ at: "files", path: dir });
    const place = shown(<Tools dir={dir} chosen={[]} restorable={false} deletesForGood={false} filter={null} deeds={{} as Deeds} />);
    await vi.waitFor(() => expect(place.querySelector("[aria-label='More actions']")).not.toBeNull());
    place.querySelector<HTMLElement>("[aria-label='More actions']")?.click();
    await press(document, "[role=menuitem]", "Open trash");
    if (leaves) go({ at: "files", path: "/user/ada/other" });
    await come(() => expect(here()).toBe(to));
    root?.unmount();
  }
});

test("who opens a dataset that was found and goes elsewhere before its path is known stays there", async () => {
  for (const [leaves, to] of [[true, "/shared"], [false, "/files/Projects/q/d"]] as const) {
    go({ at: "discover" });
    await press(shown(<Discover />), "button", "d");
    if (leaves) go({ at: "shared" });
    await come(() => expect(here()).toBe(to));
    root?.unmount();
  }
});

test("a folder that comes to be after another one was chosen is not chosen instead", async () => {
  let into = "";
  function Shown() {
    const [dir, setDir] = useState("/user/ada/a");
    into = dir;
    return <Destination value={dir} onChange={setDir} />;
  }
  for (const [leaves, to] of [[true, "/user/ada/b"], [false, "/user/ada/a/new"]] as const) {
    const place = shown(<Shown />);
    await press(place, "button", "New folder here");
    const name = await vi.waitFor(() => place.querySelector<HTMLInputElement>("input.grow") ?? Promise.reject(new Error("no field")));
    type(name, "new");
    await vi.waitFor(() => expect(place.querySelector<HTMLButtonElement>(".row button")?.disabled).toBe(false));
    await press(place, "button", "Create");
    const field = place.querySelector<HTMLInputElement>("input[data-first]");
    if (leaves && field !== null) type(field, "/user/ada/b");
    await come(() => expect(into).toBe(to));
    root?.unmount();
  }
});
