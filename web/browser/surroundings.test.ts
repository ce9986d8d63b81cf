import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { grid, row } from "./entries";
import { as, Caller, fresh, person, project, url } from "./house";
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

test("a listing has room for its entries on a page that is enlarged twice and four times, and on a phone that lies on its side", async () => {
  const { user, dir, caller } = await directory(Array.from({ length: 40 }, (_, i) => `f${String(i).padStart(2, "0")}.txt`));
  await caller.put(`${dir}/README.md`, "# About\n\nSomething.\n");
  for (const [width, height] of [[640, 360], [320, 256], [740, 360]] as const) {
    const page = await as(user, `/files${dir}`, {}, { viewport: { width, height } });
    await row(page, "f00.txt").waitFor();
    await page.getByRole("region", { name: "README", exact: true }).waitFor();
    expect((await page.locator(".grid-scroll").boundingBox())?.height, `${width} × ${height}`).toBeGreaterThan(100);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await grid(page).focus();
    await page.keyboard.press("End");
    await row(page, "README.md").waitFor();
    await row(page, "README.md").scrollIntoViewIfNeeded();
    await page.locator(".status").scrollIntoViewIfNeeded();
    await page.context().close();
  }
});

test("on a phone of 360 pixels nothing is beyond the edge or below something else, however long names are", async () => {
  const user = person();
  const p = project(user, fresh(`A${"very".repeat(9)}LongName`));
  const dir = `/Projects/${p}/Resources`;
  for (const name of ["a.png", "b.txt"]) await new Caller(user).put(`${dir}/${name}`, "x");
  const page = await as(user, `/files${dir}`, {}, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  await row(page, "b.txt").waitFor();
  const bottom = async (what: Locator) => what.boundingBox().then((box) => (box?.y ?? 0) + (box?.height ?? 0));
  await page.getByRole("button", { name: "Grid" }).waitFor();
  expect(await bottom(page.getByRole("group", { name: "Actions" }))).toBeGreaterThanOrEqual(await bottom(page.getByLabel("Filter by name")));
  expect(await bottom(page.getByRole("group", { name: "Actions" }))).toBeLessThanOrEqual((await grid(page).boundingBox())?.y ?? 0);
  await page.getByRole("button", { name: "Sort: name" }).tap(); // there is no head of a column for it
  await page.getByRole("menuitem", { name: "Sort by last change" }).tap();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("changed");
  const sideways = () => page.evaluate(() => [...document.querySelectorAll("html, main, dialog")].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.tagName));
  for (const [address, seen] of [
    ["/", page.getByRole("link", { name: "About" })], [`/projects/${p}`, page.getByRole("link", { name: "Files" })], [`/tokens?new=1&project=${p}`, page.getByRole("button", { name: "Close" })],
    [`/files${dir}?open=access&of=b.txt`, page.getByLabel("Octal")],
  ] as const) {
    await page.goto(url + address);
    await seen.waitFor();
    const { x, width } = (await seen.boundingBox()) ?? { x: 0, width: 999 };
    expect([await sideways(), x + width <= 360], address).toEqual([[], true]);
  }
});

test("the places of an enlarged page are left with Escape or by going to one, and the focus goes along", async () => {
  const { user, dir } = await directory(["a.txt"]);
  const page = await as(user, `/files${dir}`, {}, { viewport: { width: 640, height: 480 } });
  await row(page, "a.txt").waitFor();
  const opener = page.getByRole("button", { name: "Navigation" });
  const places = page.getByRole("navigation", { name: "Navigation" });
  await opener.press("Enter");
  await places.getByRole("link", { name: "Discover" }).focus();
  await page.keyboard.press("Escape");
  await places.waitFor({ state: "hidden" });
  expect(await opener.evaluate((e) => e === document.activeElement)).toBe(true);
  await opener.press("Enter");
  await places.getByRole("link", { name: "Shared with me" }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "Shared with me" }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Shared with me");
});

test("a page that is gone to has the focus at once, and its heading as soon as there is one", async () => {
  const { user, dir } = await directory(["a.txt"]);
  const page = await as(user, "/", {}, { viewport: { width: 640, height: 480 } });
  let answer = () => {};
  const asked = new Promise<void>((ask) => (answer = ask));
  await page.route("**/api/v1/shares*", async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto(`${url}/files${dir}`);
  await row(page, "a.txt").waitFor();
  await page.getByRole("button", { name: "Navigation" }).press("Enter");
  await page.getByRole("navigation", { name: "Navigation" }).getByRole("link", { name: "Shared with me" }).press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
  answer();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Shared with me");
});

test("what has the focus in the dialog for permissions is not below its buttons", async () => {
  const { user, dir } = await directory(["a.txt"]);
  const page = await as(user, `/files${dir}?open=access&of=a.txt`, {}, { viewport: { width: 640, height: 360 } });
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add", exact: true }).waitFor();
  await dialog.getByText("The new mode would be").waitFor();
  const bar = dialog.locator(".access-ends");
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    const covered = await bar.evaluate((e) => {
      const { activeElement: at } = document;
      if (at === null || e.contains(at) || !e.parentElement?.contains(at)) return "";
      return at.getBoundingClientRect().bottom > e.getBoundingClientRect().top + 1 ? at.outerHTML : "";
    });
    expect(covered).toBe("");
  }
});

test("without a mouse the boxes to select by are seen, and a finger may miss them a little", async () => {
  const { user, dir } = await directory(["a.txt", "b.txt", "c.txt"]);
  const page = await as(user, `/files${dir}`, {}, { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true });
  const box = (name: string) => page.getByLabel(`Select ${name}`);
  await row(page, "a.txt").waitFor();
  expect(await box("a.txt").evaluate((e) => getComputedStyle(e).opacity)).toBe("1");
  await box("a.txt").tap();
  const at = await box("c.txt").boundingBox();
  await page.touchscreen.tap((at?.x ?? 0) - 5, (at?.y ?? 0) + (at?.height ?? 0) + 5);
  await expect.poll(() => page.locator(".status").textContent()).toContain("2 items selected");
});
