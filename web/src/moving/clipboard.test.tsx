// @vitest-environment happy-dom
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { useDialog, type OpenDialog } from "../listing/useDialog";
import { here } from "../place";
import { keep, paste } from "./clipboard";

/** The dialog of a directory's page, as the address has it now. */
async function dialogOf(dir: string): Promise<OpenDialog> {
  let dialog: OpenDialog | undefined;
  function Shown() {
    dialog = useDialog(dir);
    return null;
  }
  const root = createRoot(document.createElement("div"));
  root.render(<Shown />);
  const found = await vi.waitFor(() => dialog ?? Promise.reject(new Error("none")));
  root.unmount();
  return found;
}

test("however many entries are pasted from another project, the dialog is about them, and the address is one that can be loaded", async () => {
  for (const count of [3, 5000]) {
    const paths = Array.from({ length: count }, (_, i) => `/Projects/p/data/image number ${i}.png`);
    keep("move", paths);
    paste("/Projects/q/into");
    expect(here()).toMatch(/^\/files\/Projects\/p\/data\?open=move&/);
    expect(here().length).toBeLessThan(4000);
    expect((await dialogOf("/Projects/p/data")).about).toEqual(paths);
  }
  const before = here();
  keep("move", Array.from({ length: 5000 }, (_, i) => `/Projects/p/data/another ${i}.png`));
  paste("/Projects/q/into");
  history.replaceState(null, "", before); // as "back" leads there
  expect((await dialogOf("/Projects/p/data")).about).toBeUndefined();
});
