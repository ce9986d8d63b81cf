// @vitest-environment happy-dom
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { Dialog } from "./Dialog";

test("a click beside a dialog closes it, and one on its scroll bar, whose target is the dialog, too, does not", async () => {
  const onClose = vi.fn();
  const place = document.body.appendChild(document.createElement("div"));
  createRoot(place).render(
    <Dialog title="Long" onClose={onClose}>
      <p>Much</p>
    </Dialog>,
  );
  const dialog = await vi.waitFor(() => place.querySelector("dialog") ?? Promise.reject(new Error("none")));
  vi.spyOn(dialog, "getBoundingClientRect").mockReturnValue(new DOMRect(100, 50, 500, 300));
  const press = (on: Element, clientX: number, clientY: number) => on.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, clientX, clientY }));
  press(dialog, 595, 200);
  press(dialog.querySelector("p") ?? dialog, 200, 200);
  expect(onClose).not.toHaveBeenCalled();
  press(dialog, 700, 200);
  press(dialog, 200, 20);
  expect(onClose).toHaveBeenCalledTimes(2);
});
