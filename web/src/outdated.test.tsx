// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProjectRecord } from "./admin/asked";
import { LimitsDialog } from "./admin/LimitsDialog";
import { ProjectList } from "./admin/ProjectList";
import { api, type Dataset } from "./api/client";
import { go, plainView } from "./place";
import { DatasetDialog } from "./projects/DatasetDialog";
import { Given } from "./shares/Given";
import { Offer } from "./shares/Offer";
import Shared from "./shares/Shared";

vi.mock("./session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada", groups: [] }) }));

let root: Root | undefined;

const record = { name: "p", owners: [], archived: false, counted: true } as unknown as ProjectRecord;
const dataset = { id: 1, path: "/Projects/p/d" } as Dataset;
const share = (id: number, state: string) => ({ id, dataset: 1, state, name: "d", project: "p", toProject: "q", mount: `/Projects/q/Shared/${state}`, level: "read", offeredBy: "eve" });

beforeEach(() => {
  const reply = (data: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
  const get = (route: string) => {
    switch (route) {
      case "/api/v1/shares":
        return reply({ received: [share(1, "offered"), share(2, "accepted")] });
      case "/api/v1/projects/{project}/shares":
        return reply({ given: [share(1, "accepted")], received: [] });
      case "/api/v1/admin/projects":
        return reply({ items: [record] });
      default:
        return reply({ items: [], names: [] });
    }
  };
  vi.spyOn(api, "GET").mockImplementation(get as never);
  for (const method of ["POST", "PATCH", "DELETE"] as const) vi.spyOn(api, method).mockImplementation((() => reply(share(1, "offered"))) as never);
});
afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

const type = (place: HTMLElement, text: string) => {
  const field = place.querySelector<HTMLInputElement>("input:not([type=radio]):not([type=checkbox])");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
  field?.dispatchEvent(new Event("input", { bubbles: true }));
};
const named = (text: string) => async (place: HTMLElement) => {
  const button = () => [...place.querySelectorAll("button")].find((b) => b.textContent === text && !b.disabled);
  await vi.waitFor(() => expect(button()).toBeDefined());
  button()?.click();
};
const submit = (text: string) => async (place: HTMLElement) => {
  await vi.waitFor(() => expect(place.querySelector("form")).not.toBeNull());
  type(place, text);
  await vi.waitFor(() => expect(place.querySelector("form button[type=submit]:not([disabled])")).not.toBeNull());
  place.querySelector("form")?.requestSubmit();
};
const close = () => undefined;

test.for<[string, ReactElement, (place: HTMLElement) => Promise<void>, readonly string[]]>([
  ["a dataset is created", <DatasetDialog project="p" onClose={close} />, submit("new"), ["directories /Projects/p", "datasets p"]],
  ["a share is accepted", <Shared />, named("Accept"), ["directories /Projects/q/Shared"]],
  ["a share is left", <Shared />, named("Leave"), ["directories /Projects/q/Shared"]],
  ["a share is offered", <Offer dataset={dataset} project="p" />, submit("q"), ["given p", "datasets p"]],
  ["a share is ended", <Given dataset={dataset} project="p" />, named("Stop sharing"), ["given p", "datasets p"]],
  ["a project is restored", <ProjectList />, named("Restore"), ["admin projects", "projects", "project p"]],
  ["limits are changed", <LimitsDialog project={record} onClose={close} />, submit("1 TiB"), ["admin projects", "project p", "quota"]],
])("once %s, all that tells of it is out of date", async ([, what, deed, keys]) => {
  go({ at: "admin" }, { ...plainView, more: { deleted: "1" } });
  const queries = new QueryClient();
  const outdated = vi.spyOn(queries, "invalidateQueries");
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={queries}>{what}</QueryClientProvider>);
  await deed(place);
  await vi.waitFor(() => expect(outdated.mock.calls.map(([filters]) => filters?.queryKey?.join(" "))).toEqual(expect.arrayContaining([...keys])));
});
