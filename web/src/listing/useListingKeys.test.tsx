// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
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
