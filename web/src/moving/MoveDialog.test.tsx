// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { api } from "../api/client";
import { go, plainView } from "../place";
import MoveDialog from "./MoveDialog";
import { transfers } from "./transfers";

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada", groups: [] }) }));

test("a double click moves or copies once", async () => {
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { items: [], FsServerDefaults: { trashInterval: 1 } }, response: new Response(null, { status: 200 }) })) as never);
  const add = vi.spyOn(transfers, "add").mockReturnValue();
  for (const deed of ["move", "copy"] as const) {
    go({ at: "files", path: "/user/ada" }, { ...plainView, more: { open: deed, into: "/user/ada/d" } });
    const place = document.body.appendChild(document.createElement("div"));
    const root = createRoot(place);
    root.render(<QueryClientProvider client={new QueryClient()}><MoveDialog deed={deed} paths={["/user/ada/a"]} onClose={() => undefined} /></QueryClientProvider>);
    await vi.waitFor(() => expect(place.querySelector("button[type=submit]:not([disabled])")).not.toBeNull());
    for (let i = 0; i < 2; i++) place.querySelector<HTMLElement>("button[type=submit]")?.click();
    expect(add).toHaveBeenCalledTimes(1);
    add.mockClear();
    root.unmount();
  }
});

test("whether there is a trash is waited for only where that matters", async () => {
  vi.spyOn(api, "GET").mockImplementation((() => new Promise(() => undefined)) as never);
  const add = vi.spyOn(transfers, "add").mockReturnValue();
  for (const [into, done] of [["/Projects/p/b", true], ["/Projects/q", false]] as const) {
    go({ at: "files", path: "/Projects/p" }, { ...plainView, more: { open: "move", into } });
    const place = document.body.appendChild(document.createElement("div"));
    const root = createRoot(place);
    root.render(<QueryClientProvider client={new QueryClient()}><MoveDialog deed="move" paths={["/Projects/p/a"]} onClose={() => undefined} /></QueryClientProvider>);
    await vi.waitFor(() => expect(place.querySelector("button[type=submit]")).not.toBeNull());
    place.querySelector<HTMLElement>("button[type=submit]")?.click();
    expect(add).toHaveBeenCalledTimes(done ? 1 : 0);
    add.mockClear();
    root.unmount();
  }
});
