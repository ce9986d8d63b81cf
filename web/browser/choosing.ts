import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

/** The directory of what is uploaded. */
export let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "granary-upload-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a file of random bytes to upload. */
export function file(name: string, size: number): { path: string; content: Buffer } {
  const content = randomBytes(size);
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return { path, content };
}

/** What tells contents apart. */
export const sum = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** Chooses files, sees where they go, and lets them go there; told: where they go was said before. */
export async function choose(page: Page, button: string, paths: string | string[], told = false): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: button, exact: true }).first().click()]);
  await chooser.setFiles(paths);
  if (!told) await page.getByRole("dialog").getByRole("button", { name: "Upload" }).click();
}

/** Waits for the page of an empty directory called Logs. */
export async function empty(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
}
