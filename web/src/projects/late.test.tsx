// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api, type Project } from "../api/client";
import { go, here, plainView } from "../place";
import { ProjectMenu } from "./ProjectMenu";
import { Projects } from "./Projects";

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada" }) }));

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

const project = { name: "p", path: "/Projects/p", description: "", listed: false, archived: false, role: "owner" } as Project;

/** Shows something of the page, with operations that are answered when answer is called. */
function shown(what: ReactElement) {
  let answer = (): void => undefined;
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  let over = 0;
  const late = vi.fn(() => answered.then(() => ({ data: project, response: new Response(null, { status: 200 }) })));
  for (const method of ["POST", "PATCH", "DELETE"] as const) vi.spyOn(api, method).mockImplementation(late as never);
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { items: [] }, response: new Response(null, { status: 200 }) })) as never);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queries.getMutationCache().subscribe(({ mutation }) => {
    if (mutation?.state.status === "success") over++;
  });
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={queries}>{what}</QueryClientProvider>);
  const find = <E extends Element>(selector: string) => vi.waitFor(() => place.querySelector<E>(selector) ?? Promise.reject(new Error(selector)));
  const submit = async () => {
    (await find<HTMLFormElement>("dialog form")).requestSubmit();
    await vi.waitFor(() => expect(late).toHaveBeenCalledOnce());
  };
  const come = async () => {
    answer();
    await vi.waitFor(() => expect(over).toBeGreaterThan(0));
    await new Promise((done) => setTimeout(done)); // what is called then
  };
  const type = (field: HTMLInputElement, text: string) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return { place, find, submit, come, type };
}

const elsewhere = "/files/a?open=access";
const leave = () => go({ at: "files", path: "/a" }, { ...plainView, more: { open: "access" } });

test("what a dialog of a project waited for closes no dialog of another page, and leads nowhere from there", async () => {
  for (const open of ["edit", "archive", "delete", "leave"]) {
    go({ at: "project", project: "p" }, { ...plainView, more: { open } });
    const { find, submit, come, type } = shown(<ProjectMenu project={project} role="owner" />);
    if (open === "delete") {
      type(await find<HTMLInputElement>("dialog input"), "p");
      await find("dialog button[type=submit]:not([disabled])");
    }
    await submit();
    leave();
    await come();
    expect(here(), open).toBe(elsewhere);
    root?.unmount();
    vi.restoreAllMocks();
  }
});

test("a dialog closes no other one of the same page", async () => {
  go({ at: "project", project: "p" }, { ...plainView, more: { open: "archive" } });
  const { submit, come } = shown(<ProjectMenu project={project} role="owner" />);
  await submit();
  go({ at: "project", project: "p" }, { ...plainView, more: { open: "edit" } });
  await come();
  expect(here()).toBe("/projects/p?open=edit");
});

test("a dialog that was opened again is not closed by what the one before waited for", async () => {
  const open = () => go({ at: "project", project: "p" }, { ...plainView, more: { open: "edit" } });
  for (const way of ["closed", "left"]) {
    open();
    const { place, find, submit, come } = shown(<ProjectMenu project={project} role="owner" />);
    await submit();
    if (way === "closed") {
      go({ at: "project", project: "p" });
      await vi.waitFor(() => expect(place.querySelector("dialog")).toBeNull());
      open();
      await find("dialog form");
    } else {
      root?.unmount();
      open();
      root = createRoot(place);
      root.render(<QueryClientProvider client={new QueryClient()}><ProjectMenu project={project} role="owner" /></QueryClientProvider>);
      await find("dialog form");
    }
    await come();
    expect(here(), way).toBe("/projects/p?open=edit");
    root?.unmount();
    vi.restoreAllMocks();
  }
});

test("who stays is led on, and sees the dialog close", async () => {
  for (const [open, to] of [["archive", "/projects/p?tab=activity"], ["leave", "/"]] as const) {
    go({ at: "project", project: "p" }, { ...plainView, more: { tab: "activity", open } });
    const { submit, come } = shown(<ProjectMenu project={project} role="owner" />);
    await submit();
    await come();
    expect(here()).toBe(to);
    root?.unmount();
    vi.restoreAllMocks();
  }
});

test("a project that comes to be when its dialog is closed leads nobody to it", async () => {
  for (const stays of [false, true]) {
    go({ at: "home" });
    const { place, find, submit, come, type } = shown(<Projects />);
    const make = await vi.waitFor(() => [...place.querySelectorAll("button")].find((b) => b.textContent.includes("New project")) ?? Promise.reject(new Error("none")));
    make.click();
    type(await find<HTMLInputElement>("dialog input"), "p");
    await submit();
    if (!stays) (await find<HTMLElement>("dialog [aria-label=Close]")).click();
    if (!stays) await vi.waitFor(() => expect(place.querySelector("dialog")).toBeNull());
    await come();
    expect(here()).toBe(stays ? "/files/Projects/p" : "/");
    root?.unmount();
    vi.restoreAllMocks();
  }
});
