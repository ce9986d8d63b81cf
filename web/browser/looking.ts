import type { Locator, Page } from "playwright-core";
import { Caller, person, project, url } from "./house";

/** A project with somebody who looks into its files. */
export function place(): { user: string; dir: string; caller: Caller } {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  return { user, dir, caller: new Caller(user) };
}

/** Opens a file's page. */
export async function open(page: Page, path: string, query = ""): Promise<void> {
  await page.goto(`${url}/files${path.split("/").map(encodeURIComponent).join("/")}${query}`);
}

/** The text of a file. */
export const content = (page: Page): Locator => page.getByLabel("File contents");
