// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import KeyMap from "../shell/KeyMap";
import { useListingKeys } from "./useListingKeys";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => void vi.unstubAllGlobals());

test("keys for other scripts do the same, and the browser's own shortcuts stay its own", async () => {
  const done: string[] = [];
  function Page() {
    useListingKeys("/", { N: () => done.push("N"), "Ctrl c": () => done.push("Ctrl c") });
    return null;
  }
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  await act(() => root.render(<Page />));
  const press = (key: string, more: KeyboardEventInit) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, ...more, bubbles: true, composed: true }));
  press("Т", { code: "KeyN", shiftKey: true });
  press("с", { code: "KeyC", ctrlKey: true });
  press("т", { code: "KeyN" }); // a letter of a name
  press("C", { code: "KeyC", ctrlKey: true, shiftKey: true }); // the browser's tools for developers
  expect(done).toEqual(["N", "Ctrl c"]);
  await act(() => root.unmount());
});

test("shortcuts of a single character can be turned off, and others stay", async () => {
  const done: string[] = [];
  function Page() {
    useListingKeys("/", { N: () => done.push("N"), "Ctrl c": () => done.push("Ctrl c") });
    return null;
  }
  const place = document.body.appendChild(document.createElement("div"));
  const map = createRoot(place);
  const page = createRoot(document.body.appendChild(document.createElement("div")));
  await act(() => page.render(<Page />));
  for (const singles of [false, true]) {
    await act(() => map.render(<KeyMap onClose={() => undefined} />));
    await act(() => place.querySelector("input")?.click());
    expect([...place.querySelectorAll("kbd")].map((key) => key.textContent).filter((key) => ["N", "/", "?", "F2", "Ctrl A"].includes(key))).toEqual(singles ? ["?", "Ctrl A", "F2", "/", "N"] : ["Ctrl A", "F2"]);
    await act(() => map.render(null)); // keys belong to a dialog that is open
    for (const [key, more] of [["N", { shiftKey: true }], ["c", { ctrlKey: true }]] as const) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, ...more, bubbles: true, composed: true }));
    expect(done.splice(0)).toEqual(singles ? ["N", "Ctrl c"] : ["Ctrl c"]);
  }
  await act(() => page.unmount());
});
