// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Dialog } from "./Dialog";
import { toast, Toasts } from "./toasts";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

/** The messages in a status that is in the page, without those that are not read out. */
const read = () => [...document.querySelectorAll(".toasts[role=status] > :not([aria-live=off]) > span")].map((e) => e.textContent);

test("what a dialog says as it closes comes into a status that was there before, and what was read out is not read out again", async () => {
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  const show = (open: boolean) =>
    act(() =>
      root.render(
        <>
          {open && (
            <Dialog title="Rights" onClose={() => undefined}>
              <p>Which?</p>
            </Dialog>
          )}
          <Toasts />
        </>,
      ),
    );
  await show(true);
  await pass(1_000);
  expect(document.querySelector("dialog .toasts")).not.toBeNull();
  await act(() => toast({ text: "Saved." }));
  await show(false);
  const status = document.querySelector("body > .toasts");
  expect([status?.getAttribute("role"), status?.textContent]).toEqual(["status", ""]); // screen readers read out only what changes in it
  await pass(200);
  expect([document.querySelector("body > .toasts") === status, read()]).toEqual([true, ["Saved."]]);
  await pass(2_000);
  await show(true);
  await pass(200);
  expect(document.querySelector("dialog .toasts")?.textContent).toContain("Saved.");
  expect(read()).toEqual([]);
  await act(() => root.unmount());
  await pass(60_000);
});

test("a message does not go while somebody is about to answer it", async () => {
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  await act(() => root.render(<Toasts />));
  await pass(200);
  await act(() => toast({ text: "Deleted.", action: { label: "Undo", run: () => undefined } }));
  const undo = document.querySelector<HTMLButtonElement>(".toast .link");
  undo?.focus();
  await pass(40_000);
  expect(read()).toEqual(["Deleted."]);
  undo?.blur();
  await pass(40_000);
  expect(read()).toEqual([]);
  await act(() => root.unmount());
});
