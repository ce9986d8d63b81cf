// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { changedGroups, type User } from "./asked";
import { GroupsDialog } from "./UserDialogs";

vi.mock("../session", () => ({ useMe: () => ({ name: "bob" }) }));

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

test("of groups, only those that were added and removed are changed", () => {
  expect(changedGroups(["a", "b", "c"], ["a", "b"], ["a", "d"])).toEqual(["a", "c", "d"]); // c was added meanwhile
  expect(changedGroups(["b"], ["a", "b"], ["b", "a"])).toEqual(["b"]); // a was removed meanwhile, and not touched
  expect(changedGroups(["a", "d"], ["a"], ["a", "d"])).toEqual(["a", "d"]); // both added it
});

test("who changes a user's groups takes nothing back of what another superuser has changed meanwhile", async () => {
  const answer = (data: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
  const page = (...names: string[]) => names.map((name) => ({ name, groups: ["a", "b", "theirs"], mappedGroups: [] }));
  vi.spyOn(api, "GET").mockImplementation(((_: string, { params }: { params: { query: { after?: string } } }) =>
    answer(params.query.after === undefined ? { items: page("abob"), next: "abob" } : { items: page("bob") })) as never);
  const patch = vi.spyOn(api, "PATCH").mockImplementation((() => answer({})) as never);
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  const user = { name: "bob", groups: ["a", "b"], mappedGroups: [] } as unknown as User;
  const close = vi.fn();
  const queries = new QueryClient();
  queries.setQueryData(["me"], { name: "bob" });
  root.render(<QueryClientProvider client={queries}><GroupsDialog user={user} onClose={close} /></QueryClientProvider>);
  const field = await vi.waitFor(() => place.querySelector("input") ?? Promise.reject(new Error("none")));
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "b, mine");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  place.querySelector("form")?.requestSubmit();
  await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  expect(patch.mock.calls[0]?.[1]).toMatchObject({ body: { groups: ["b", "theirs", "mine"] } });
  expect(queries.getQueryState(["me"])?.isInvalidated).toBe(true); // they are his own
});
