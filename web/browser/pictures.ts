import axe from "axe-core";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const shots = join(import.meta.dirname, "../screenshots");
mkdirSync(shots, { recursive: true });
const themes = ["light", "dark"] as const;

/** What is wrong with a page for people who see, hear or move otherwise, by axe's rules. */
async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(`(() => { ${axe.source}; return axe.run(document, { resultTypes: ["violations"] }); })()`);
  return (found as axe.AxeResults).violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html} ${n.failureSummary ?? ""}`));
}

/** Keeps a picture of the page in both themes, and looks at both with axe. ready does what another theme undoes. */
export async function look(page: Page, name: string, ready?: () => Promise<void>): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.locator(`html[data-theme=${theme}]`).waitFor();
    await ready?.();
    await page.screenshot({ path: join(shots, `${name}-${theme}.png`) });
    expect(await violations(page), `${name}, ${theme}`).toEqual([]);
  }
}
