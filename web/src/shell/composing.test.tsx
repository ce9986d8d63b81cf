// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { draftOf } from "../listing/draft";
import { Filter } from "../listing/Filter";
import { RenameField } from "../listing/RenameField";
import { Destination } from "../moving/Destination";
import { NameField } from "../people/NameField";
import Palette from "./Palette";

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada", groups: [], superuser: false }) }));

let root: Root | undefined;

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(async () => {
  await act(() => root?.unmount());
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Shows something, and returns a function that presses a key in a field of it, for an input method or for the page. */
async function shown(what: ReactElement) {
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { items: [], names: [] }, response: new Response(null, { status: 200 }) })) as never);
  const place = document.body.appendChild(document.createElement("div"));
  const made = (root = createRoot(place));
  await act(() => made.render(<QueryClientProvider client={new QueryClient()}>{what}</QueryClientProvider>));
  const press = (label: string, key: string, how: KeyboardEventInit) =>
    act(() => {
      const field = place.querySelector(`[aria-label="${label}"]`) ?? [...place.querySelectorAll("label")].find((l) => l.textContent.includes(label))?.querySelector("input");
      if (field == null) throw new Error(`there is no field ${label}`);
      field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...how }));
    });
  return { place, press };
}

// As Chromium and Firefox say it, and as Safari does.
const ways: KeyboardEventInit[] = [{ isComposing: true }, { keyCode: 229 }];

test("keys that an input method takes do not clear a filter, take a name, choose from the palette, or end a renaming", async () => {
  const done = vi.fn();
  const cases: [ReactElement, string, string][] = [
    [<Filter value="か" onChange={done} />, "Filter by name", "Escape"],
    [<NameField kind="user" label="User" value="か" onChange={() => undefined} onEnter={done} />, "User", "Enter"],
    [<Palette onClose={done} turnTheme={() => undefined} />, "Find files, pages and commands", "Enter"],
    [<RenameField draft={draftOf("/d", "か")} onDone={done} />, "New name of か", "Escape"],
  ];
  for (const [what, label, key] of cases) {
    const { press } = await shown(what);
    for (const way of ways) await press(label, key, way);
    expect(done, label).not.toHaveBeenCalled();
    await press(label, key, {});
    expect(done, label).toHaveBeenCalledOnce();
    done.mockClear();
    await act(() => root?.unmount());
  }
});

test("the Enter that accepts what an input method proposes does not create a folder of half a name", async () => {
  const put = vi.spyOn(api, "PUT").mockImplementation((() => Promise.resolve({ data: {}, response: new Response(null, { status: 200 }) })) as never);
  const { place, press } = await shown(<Destination value="/Projects/p" onChange={() => undefined} />);
  await act(() => [...place.querySelectorAll("button")].find((b) => b.textContent === "New folder here")?.click());
  const field = place.querySelector<HTMLInputElement>("input.grow");
  if (field === null) throw new Error("no field");
  await act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "か");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const way of ways) await press("Name of new folder", "Enter", way);
  expect(put).not.toHaveBeenCalled();
  await press("Name of new folder", "Enter", {});
  await vi.waitFor(() => expect(put).toHaveBeenCalledOnce());
});
