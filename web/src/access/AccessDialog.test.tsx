// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { go } from "../place";
import AccessDialog from "./AccessDialog";

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada", groups: [] }) }));

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

/** Opens the dialog for a directory and maybe a file, whose changes are all refused. */
function opened(...paths: string[]) {
  const changes: unknown[] = [];
  const state = (path: string) => ({ path, directory: path === "/d", tag: "1", owner: "ada", group: "g", ownerMay: "rw-", groupMay: "r--", othersMay: "---", sticky: false, entries: [], mayChange: true });
  const post = (route: string, { body }: { body: { paths: string[]; targets: unknown[]; change: unknown } }) => {
    const reply = (data: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
    if (route === "/api/v1/access/states") return reply({ items: body.paths.map((path) => ({ path, state: state(path) })) });
    if (route !== "/api/v1/access/change") return new Promise(() => undefined);
    changes.push(body.change);
    return reply({ items: body.targets.map(() => ({ changed: false, problem: { status: 412, detail: "It has changed." } })) });
  };
  vi.spyOn(api, "POST").mockImplementation(post as never);
  vi.spyOn(api, "GET").mockImplementation((() => new Promise(() => undefined)) as never);
  go({ at: "files", path: "/" });
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(
    <QueryClientProvider client={new QueryClient()}>
      <AccessDialog paths={paths} onClose={() => undefined} />
    </QueryClientProvider>,
  );
  const find = (selector: string, text: string) =>
    vi.waitFor(() => [...place.querySelectorAll<HTMLElement>(selector)].find((e) => (e.getAttribute("aria-label") ?? e.textContent).includes(text)) ?? Promise.reject(new Error(text)));
  const click = async (selector: string, text: string) => (await find(selector, text)).click();
  const box = async (text: string) => (await find("label.check", text)).querySelector("input");
  return { changes, find, click, box };
}

test("what the user has chosen for “enter” is still so after a look at who has access", async () => {
  const { find, click, box } = opened("/d");
  (await box("Apply to everything inside"))?.click();
  await click("input", "Group: enter");
  (await box("Apply “enter” to folders only"))?.click();
  await vi.waitFor(async () => expect((await box("Apply “enter” to folders only"))?.checked).toBe(false), 20_000);
  await click("[role=tab]", "Who has access");
  await vi.waitFor(async () => expect((await find("[role=tab]", "Who has access")).getAttribute("aria-selected")).toBe("true"), 20_000);
  await click("[role=tab]", "Permissions");
  expect((await box("Apply to everything inside"))?.checked).toBe(true);
  expect((await box("Apply “enter” to folders only"))?.checked).toBe(false);
});

test("and after a change that was refused, and is made again", async () => {
  const { changes, click, box } = opened("/d", "/f");
  await click("input", "Group: execute / enter");
  (await box("Apply “enter” to folders only"))?.click();
  for (let times = 1; times <= 2; times++) {
    await click("button.primary:not([disabled])", "Save for 2 items");
    await click("button", "Back to current permissions");
    expect((await box("Apply “enter” to folders only"))?.checked).toBe(false);
    expect(changes).toEqual(Array.from({ length: times }, () => ({ set: "10" })));
  }
});
