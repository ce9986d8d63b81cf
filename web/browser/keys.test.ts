import { expect, test } from "vitest";
import { grid, names, row } from "./entries";
import { as, Caller, person, project } from "./house";

test("keys with Alt, and those that enlarge the page, stay the browser's", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  for (const name of ["a.png", "b.png", "c.csv"]) await new Caller(user).put(`${dir}/${name}`, "a,b\n1,2\n");
  const page = await as(user, `/files${dir}?view=grid`);
  await page.getByRole("gridcell").filter({ hasText: "b.png" }).waitFor();
  const taken = (key: string, more: { code?: string; altKey?: boolean; ctrlKey?: boolean }): Promise<boolean> =>
    grid(page).evaluate((e, init) => !e.dispatchEvent(new KeyboardEvent("keydown", init)), { key, ...more, bubbles: true, cancelable: true, composed: true });
  await grid(page).focus();
  expect([await taken("ArrowLeft", { altKey: true }), await taken("ArrowLeft", {})]).toEqual([false, true]);
  await page.goto(page.url().replace("?view=grid", "/c.csv"));
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  expect([await taken("ArrowLeft", { altKey: true }), await taken("=", { ctrlKey: true }), await taken("=", {}), await taken("ArrowLeft", {})]).toEqual([false, false, true, true]);
  await page.goto(page.url().replace("/c.csv", ""));
  await row(page, "a.png").waitFor();
  // A Russian keyboard has another letter in the place of K, C and A.
  await grid(page).focus();
  expect(await taken("ф", { code: "KeyA", ctrlKey: true })).toBe(true);
  await expect.poll(() => page.locator(".status").textContent()).toContain("3 items selected");
  expect(await names(page)).toEqual(["a.png", "b.png", "c.csv"]);
  await taken("с", { code: "KeyC", ctrlKey: true });
  await page.getByText("3 items copied.").waitFor();
  await taken("л", { code: "KeyK", ctrlKey: true });
  await page.getByRole("dialog", { name: "Find" }).waitFor();
});

test("shortcuts of a single character can be turned off, and are found in the menu then", async () => {
  const user = person();
  const page = await as(user, `/files/Projects/${project(user)}/Resources`);
  await page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "New folder" }).waitFor();
  const [map, folder] = [page.getByRole("dialog", { name: "Keyboard shortcuts" }), page.getByRole("dialog", { name: "New folder" })];
  await page.keyboard.press("?");
  await map.getByRole("checkbox", { name: "Use shortcuts of a single character" }).uncheck();
  await page.keyboard.press("Escape");
  await map.waitFor({ state: "detached" });
  await page.keyboard.press("Shift+N");
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Find" }).waitFor();
  expect([await map.count(), await folder.count()]).toEqual([0, 0]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `Account of ${user}` }).click();
  await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).click();
  await map.getByRole("checkbox", { name: "Use shortcuts of a single character" }).check();
  await page.keyboard.press("Escape");
  await map.waitFor({ state: "detached" });
  await page.keyboard.press("Shift+N");
  await folder.waitFor();
});
