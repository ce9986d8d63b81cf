import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { grid, row } from "./entries";
import { as, Caller, person, project } from "./house";
import { picture } from "./samples";

/** A directory with files of these names, and the user whose it is. */
async function directory(files: readonly string[]): Promise<{ user: string; dir: string; caller: Caller }> {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  for (const name of files) await caller.put(`${dir}/${name}`, name.endsWith(".png") ? picture(20, 20, () => [200, 60, 60]) : "a,b\n1,2\n3,4\n");
  return { user, dir, caller };
}

const outlined = (what: Locator): Promise<string> => what.evaluate((e) => getComputedStyle(e).outlineStyle);

test("with the system's own colours one sees where the keyboard is, what is selected and what is pressed", async () => {
  const { user, dir } = await directory(["a.csv", "b.png", "c.json"]);
  const page = await as(user, `/files${dir}`, {}, { forcedColors: "active" });
  await row(page, "b.png").waitFor();
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  expect([await outlined(row(page, "a.csv")), await outlined(row(page, "b.png"))]).toEqual(["none", "solid"]);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("projects");
  expect(await outlined(page.getByRole("option", { selected: true }))).toBe("solid");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape"); // nothing is selected
  await page.getByRole("button", { name: "More actions" }).press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("ArrowDown");
  expect(await outlined(page.locator("[role=menuitem]:focus"))).toBe("solid");
  await page.keyboard.press("Escape");

  await page.goto(`${page.url()}?view=grid`);
  await grid(page).focus();
  await page.keyboard.press("End");
  const tile = page.getByRole("gridcell").filter({ hasText: "c.json" });
  await expect.poll(() => outlined(tile)).toBe("solid");

  await page.goto(page.url().replace("?view=grid", "/b.png"));
  const background = (name: string) => page.getByRole("button", { name, exact: true }).evaluate((e) => getComputedStyle(e).backgroundColor);
  expect(await background("Fit")).not.toBe(await background("Actual size"));

  await page.goto(page.url().replace("b.png", "a.csv"));
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => outlined(page.locator(".table-cell.spot"))).toBe("solid");
});
