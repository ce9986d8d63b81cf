import type { Locator, Page } from "playwright-core";

/** The listing of a directory, as a grid. */
export const grid = (page: Page): Locator => page.getByRole("grid");

/** The row of an entry of the listing. */
export const row = (page: Page, name: string): Locator => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

/** The names that the listing shows, from top to bottom. */
export async function names(page: Page): Promise<string[]> {
  return page.locator(".grid-row .c-name a").allTextContents();
}
