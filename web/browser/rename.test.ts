import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Caller, live, person, project } from "./house";

/** A directory with files of these names, and somebody who looks at it. */
async function directory(names: readonly string[], query = ""): Promise<{ page: Page; dir: string; caller: Caller }> {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  for (const name of names) await caller.put(`${dir}/${name}`, "x");
  return { page: await live(user, `/files${dir}${query}`), dir, caller };
}

const numbered = (count: number, ending: string) => Array.from({ length: count }, (_, i) => `f${String(i).padStart(3, "0")}.${ending}`);

/** Begins to rename a file, and types the start of a new name. */
async function begin(page: Page, name: string, typed: string): Promise<void> {
  await page.getByLabel(`Select ${name}`).check();
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByLabel(`New name of ${name}`).waitFor();
  await page.keyboard.type(typed);
}

test("a new name that is being typed stays so when the entries around it move, among tiles and in rows", async () => {
  for (const query of ["?view=grid", ""]) {
    const names = numbered(20, "dat");
    const { page, dir, caller } = await directory(names, query);
    await begin(page, "f000.dat", "new nme");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    // Tiles of the first row move to the second, as those of any row that these are not a multiple of do.
    for (let i = 0; i < 7; i++) await caller.put(`${dir}/a${i}.dat`, "x");
    await page.getByRole("link", { name: "a6.dat" }).waitFor();
    await page.keyboard.type("a");
    await expect.poll(() => page.getByLabel("New name of f000.dat").inputValue()).toBe("new name.dat");
    await page.keyboard.press("Enter");
    await expect.poll(() => caller.names(dir)).toContain("new name.dat");
    await page.getByLabel("New name of f000.dat").waitFor({ state: "detached" });
  }
});

test("a new name that is being typed is still there when it was scrolled out of view, and takes what is typed meanwhile", async () => {
  for (const query of ["?view=grid", ""]) {
    const { page, dir, caller } = await directory(numbered(120, "dat"), query);
    await begin(page, "f001.dat", "new");
    const scroller = page.locator(query === "" ? ".grid-scroll" : ".tiles-scroll");
    const scroll = (to: number) => scroller.evaluate((e, top) => (e.scrollTop = top), to);
    await scroll(100_000);
    await page.getByText("f119.dat").waitFor();
    await page.getByText("f012.dat").waitFor({ state: "detached" });
    await page.keyboard.type(" name");
    await scroll(0);
    await page.getByText("f012.dat").waitFor();
    expect(await page.getByLabel("New name of f001.dat").inputValue()).toBe("new name.dat");
    await page.keyboard.press("Enter");
    await expect.poll(() => caller.names(dir)).toContain("new name.dat");
  }
});
