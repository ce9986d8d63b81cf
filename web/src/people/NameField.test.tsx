// @vitest-environment happy-dom
import { act, useState } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NameField } from "./NameField";

let found: string[] = []; // the names that are suggested
vi.mock("./names", () => ({ useNames: () => found }));

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => void vi.unstubAllGlobals());

test("the suggestion that is marked is taken, although others come before it, and none in its place if it goes", async () => {
  for (const [later, taken] of [[["abe", "ann"], "ann"], [["abe"], "a"]] as const) {
    let [value, again] = ["", (): void => undefined];
    function Shown() {
      const [name, setName] = useState("a");
      const [, turn] = useState(0);
      again = () => turn((n) => n + 1);
      value = name;
      return <NameField kind="user" label="User" value={name} onChange={setName} onEnter={() => undefined} />;
    }
    found = ["ann", "art"];
    const place = document.body.appendChild(document.createElement("div"));
    const root = createRoot(place);
    await act(() => root.render(<Shown />));
    const press = (key: string) => act(() => place.querySelector("input")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
    await press("ArrowDown"); // opens the suggestions
    await press("ArrowDown");
    expect(place.querySelector("[aria-selected=true]")?.textContent).toBe("ann");
    found = [...later];
    await act(() => again());
    await press("Enter");
    expect(value).toBe(taken);
    await act(() => root.unmount());
  }
});
