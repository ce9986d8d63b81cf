// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { beginDrag } from "./drag";
import { transfers } from "./transfers";

afterEach(() => void vi.restoreAllMocks());

test("files from outside that are dropped on a folder move nothing that was dragged before, whose end nobody heard of", async () => {
  const add = vi.spyOn(transfers, "add").mockImplementation(() => undefined);
  const kinds: string[] = [];
  const begin = () => beginDrag({ dataTransfer: { setData: (kind: string) => kinds.push(kind), setDragImage: () => undefined } } as never, ["/Projects/p/a"], () => undefined);
  const folder = document.body.appendChild(document.createElement("div"));
  folder.dataset["into"] = "/Projects/p/b";
  const drop = (...types: string[]) => {
    const e = Object.assign(new Event("drop", { bubbles: true, cancelable: true }), { dataTransfer: { types } });
    folder.dispatchEvent(e);
    return e.defaultPrevented;
  };
  begin(); // its row goes, so that neither drop nor dragend comes
  expect(drop("Files")).toBe(false);
  begin();
  expect(drop(...kinds)).toBe(true);
  await vi.waitFor(() => expect(add).toHaveBeenCalled());
  expect(add.mock.calls).toEqual([["move", ["/Projects/p/a"], "/Projects/p/b"]]);
});
