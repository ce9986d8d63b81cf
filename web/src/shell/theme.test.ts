// @vitest-environment happy-dom
import { expect, test } from "vitest";

test("a theme that is chosen in another tab is that of this one, too", async () => {
  await import("./theme");
  const { dataset } = document.documentElement;
  for (const theme of ["dark", "light"]) {
    localStorage.setItem("granary-theme", theme);
    window.dispatchEvent(new StorageEvent("storage", { key: "granary-theme" })); // as browsers tell all tabs but the one that stored it
    expect(dataset["theme"]).toBe(theme);
  }
});
