// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FileStatus } from "../api/client";
import { StatusLine } from "./StatusLine";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => void vi.unstubAllGlobals());

test("neither each page that is loaded nor each entry that the cursor moves to is read out, but what is selected otherwise, and failures", async () => {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const items = ["a", "b", "c"].map((pathSuffix) => ({ pathSuffix, length: 1 }) as FileStatus);
  const live = async (loaded: boolean, selected: number, error: unknown = null) => {
    const entries = { items, total: 3, whole: loaded, pending: false, error, reload: () => undefined };
    await act(() => root.render(<StatusLine entries={entries} filtered={undefined} chosen={items.slice(0, selected)} rest="" />));
    return place.querySelector(".status")?.getAttribute("aria-live");
  };
  expect([await live(false, 0), await live(true, 0), await live(true, 1), await live(true, 2)]).toEqual(["off", "polite", "off", "polite"]);
  await live(false, 0, new Error("Not today."));
  expect(place.querySelector("[role=alert]")?.textContent).toContain("Not today.");
  await act(() => root.unmount());
});
