// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { go, here } from "../place";
import { useDialog, type OpenDialog } from "./useDialog";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const dir = "/Projects/p";

test("what a dialog waited for closes no dialog of the same kind that was opened after it", async () => {
  const back = vi.spyOn(history, "back").mockImplementation(() => undefined);
  go({ at: "files", path: dir });
  let dialog: OpenDialog | undefined;
  function Shown() {
    dialog = useDialog(dir);
    return null;
  }
  await act(() => createRoot(document.createElement("div")).render(<Shown />));
  for (const names of [["a"], []]) {
    await act(() => dialog?.show("labels", names));
    const late = dialog?.close;
    await act(() => go({ at: "files", path: dir })); // who goes back
    await act(() => dialog?.show("labels", ["b"]));
    const at = here();
    await act(() => late?.());
    expect([here(), back.mock.calls.length], `${names}`).toEqual([at, 0]);
    await act(() => dialog?.close());
    expect(back).toHaveBeenCalledOnce();
    back.mockClear();
    await act(() => go({ at: "files", path: dir }));
  }
});
