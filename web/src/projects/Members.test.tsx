// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, type Dataset } from "../api/client";
import { Toasts } from "../parts/toasts";
import { Offer } from "../shares/Offer";
import { Members } from "./Members";

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada" }) }));

let root: Root | undefined;
let answers: (() => void)[] = []; // of what was asked to be changed

beforeEach(() => {
  answers = [];
  const reply = (data: unknown) => ({ data, response: new Response(null, { status: 200 }) });
  const members = ["ann", "bob", "eve"].map((user) => ({ user, role: "observer" }));
  vi.spyOn(api, "GET").mockImplementation(((route: string) => Promise.resolve(reply(route.endsWith("/members") ? { items: members } : { names: [], given: [] }))) as never);
  const share = { id: 1, state: "offered", toUser: "ann", level: "read" };
  for (const method of ["PUT", "DELETE", "POST"] as const) {
    vi.spyOn(api, method).mockImplementation((() => new Promise((done) => answers.push(() => done(reply(share))))) as never);
  }
});
afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

/** Shows something, and waits until a part of it is there. */
async function shown(what: ReactElement, selector: string) {
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={new QueryClient()}>{what}<Toasts /></QueryClientProvider>);
  await vi.waitFor(() => expect(place.querySelector(selector)).not.toBeNull());
  return place;
}

function type(place: HTMLElement, text: string): HTMLInputElement {
  const field = place.querySelector<HTMLInputElement>("input[role=combobox]");
  if (field === null) throw new Error("no field");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
}

test("who removes two members at once can undo both", async () => {
  const place = await shown(<Members project="p" mine="owner" />, "[aria-label='Remove ann']");
  for (const name of ["ann", "bob"]) place.querySelector<HTMLElement>(`[aria-label='Remove ${name}']`)?.click();
  await vi.waitFor(() => expect(answers.length).toBe(2));
  for (const answer of answers) answer();
  await vi.waitFor(() => {
    for (const name of ["ann", "bob"]) expect(document.body.textContent).toContain(`${name} was removed from the project.`);
  });
  expect([...document.querySelectorAll("button")].filter((b) => b.textContent === "Undo").length).toBe(2);
});

test("a name that is typed while the one before is added or offered a share stays", async () => {
  const dataset = { id: 1, path: "/Projects/p/d" } as Dataset;
  for (const what of [<Members key="m" project="p" mine="owner" />, <Offer key="o" dataset={dataset} project="p" />]) {
    for (const next of ["", "eve"]) {
      answers = [];
      const place = await shown(what, "input[role=combobox]");
      const field = type(place, "ann");
      await vi.waitFor(() => expect(place.querySelector("form button[type=submit]:not([disabled])")).not.toBeNull());
      field.form?.requestSubmit();
      await vi.waitFor(() => expect(answers.length).toBe(1));
      if (next !== "") type(place, next);
      answers[0]?.();
      await vi.waitFor(() => expect(field.value).toBe(next));
      await new Promise((done) => setTimeout(done, 20));
      expect(field.value).toBe(next);
      root?.unmount();
    }
  }
});
