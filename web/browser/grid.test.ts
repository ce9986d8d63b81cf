import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { archive } from "../src/upload/archive";
import { as, Caller, person, project } from "./house";
import { bomb, picture } from "./samples";

/** A project with somebody who looks at its images. */
function place(): { user: string; dir: string; caller: Caller } {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  return { user, dir, caller: new Caller(user) };
}

const tiles = (page: Page) => page.getByRole("gridcell");
const tile = (page: Page, name: string) => page.getByRole("gridcell").filter({ has: page.getByRole("link", { name, exact: true }) });
const shade = (red: number) => picture(60, 40, (x) => [red, x * 4, 90]);

/** The files that a page reads, and how many of them at once at most. */
function reads(page: Page): { paths: Set<string>; atOnce: () => number } {
  const paths = new Set<string>();
  let [now, most] = [0, 0];
  page.on("request", (r) => {
    const path = new URL(r.url()).searchParams.get("path");
    if (!r.url().includes("/fs/open") || path === null) return;
    paths.add(path);
    most = Math.max(most, ++now);
  });
  const end = (r: { url: () => string }) => {
    if (r.url().includes("/fs/open")) now--;
  };
  page.on("requestfinished", end);
  page.on("requestfailed", end);
  return { paths, atOnce: () => most };
}

test("a folder of images is looked at as tiles, and the address keeps that", async () => {
  const { user, dir, caller } = place();
  for (const [name, red] of [["shot2.png", 80], ["shot10.png", 160], ["shot9.png", 240]] as const) await caller.put(`${dir}/${name}`, shade(red));
  await caller.put(`${dir}/broken.png`, "no image at all");
  await caller.put(`${dir}/cut.png`, shade(9).slice(0, 60));
  await caller.put(`${dir}/huge.png`, bomb(20_000, 20_000));
  await caller.put(`${dir}/notes.txt`, "no image");
  await caller.put(`${dir}/more/inside.png`, shade(20));
  const page = await as(user, `/files${dir}`);
  await page.getByRole("button", { name: "Grid", exact: true }).click();
  const image = tile(page, "shot9.png").getByRole("img", { name: "shot9.png" });
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([60, 40]);
  await tile(page, "broken.png").getByText("Not an image").waitFor();
  await tile(page, "cut.png").getByText("Damaged").waitFor();
  await tile(page, "huge.png").getByText("Too many pixels").waitFor();
  await page.getByTitle(/20,000 × 20,000 pixels, which would take/).waitFor();
  await tile(page, "notes.txt").getByText("8 B").waitFor();
  await page.getByRole("gridcell", { name: "more 1 item", exact: true }).waitFor();
  const order = () => tiles(page).getByRole("link").allTextContents();
  expect(await order()).toEqual(["more", "broken.png", "cut.png", "huge.png", "notes.txt", "shot2.png", "shot9.png", "shot10.png"]);

  await page.getByRole("button", { name: "Sort: name" }).click();
  await page.getByRole("menuitem", { name: "Sort by size" }).click();
  await expect.poll(async () => (await order()).at(-1)).toBe("huge.png");
  await page.getByRole("textbox", { name: /filter/i }).or(page.getByRole("searchbox")).first().fill("shot");
  await expect.poll(async () => (await order()).length).toBe(3);
  await page.reload();
  await tile(page, "shot9.png").getByRole("img").waitFor();
  expect((await order()).length).toBe(3);

  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByRole("columnheader", { name: "Name" }).waitFor();
});

test("a tile opens by a click or Enter, the arrow keys lead through the folder, and back is the grid", async () => {
  const { user, dir, caller } = place();
  for (const n of [1, 2, 3]) await caller.put(`${dir}/in/a${n}.png`, shade(n * 80));
  const page = await as(user, `/files${dir}?view=grid`);
  await tile(page, "in").click();
  await tile(page, "a1.png").getByRole("img").click();
  await page.getByText("1 of 3").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByText("2 of 3").waitFor();
  await page.goBack();
  await tile(page, "a1.png").waitFor();
  await page.getByRole("grid").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.getByText("3 of 3").waitFor();
});

test("keys move in two dimensions, and what is selected goes to the trash", async () => {
  const { user, dir, caller } = place();
  await caller.batchWrite(dir, archive(Array.from({ length: 16 }, (_, i) => ({ name: `p${String(i).padStart(2, "0")}.png`, content: new Blob([shade(i * 15)]) }))));
  const page = await as(user, `/files${dir}?view=grid`);
  const grid = page.getByRole("grid");
  await tile(page, "p15.png").waitFor();
  await grid.focus();
  const across = Number(await grid.getAttribute("aria-colcount"));
  expect(across).toBeGreaterThan(3);
  const at = async () => page.locator(`#${(await grid.getAttribute("aria-activedescendant")) ?? "none"}`).getByRole("link").textContent();
  const p = (i: number) => `p${String(i).padStart(2, "0")}.png`;
  for (const key of ["Home", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
  expect(await at()).toBe(p(across + 1));
  await page.keyboard.press("ArrowLeft");
  expect(await at()).toBe(p(across));
  await page.keyboard.press("ArrowUp");
  expect(await at()).toBe(p(0));

  await page.keyboard.press("Shift+ArrowRight");
  await tile(page, p(4)).click({ modifiers: ["Control"] });
  await tile(page, p(6)).hover();
  await page.getByRole("checkbox", { name: `Select ${p(6)}` }).check();
  const status = page.getByRole("status").filter({ hasText: "selected" });
  expect(await status.textContent()).toContain("4 items selected");
  await grid.focus();
  await page.keyboard.press("Delete");
  await page.getByText("4 items moved to the trash.").waitFor();
  await tile(page, p(4)).waitFor({ state: "detached" });
  expect((await caller.names(dir)).slice(0, 4)).toEqual([p(2), p(3), p(5), p(7)]);

  await tile(page, p(2)).click({ modifiers: ["Control"] });
  await page.keyboard.press("F2");
  await page.keyboard.type("first");
  await page.keyboard.press("Enter");
  await tile(page, "first.png").getByRole("img").waitFor(); // it is read before it goes, and is selected still
  await page.getByRole("button", { name: "Move to trash" }).click();
  await tile(page, "first.png").waitFor({ state: "detached" });
});

test("of 10,000 images only those in view are in the page and are read, four at once", async () => {
  const { user, dir, caller } = place();
  const image = shade(200);
  for (let from = 0; from < 10_000; from += 1000) {
    await caller.batchWrite(dir, archive(Array.from({ length: 1000 }, (_, i) => ({ name: `i${String(from + i).padStart(5, "0")}.png`, content: new Blob([image]) }))));
  }
  const page = await as(user, `/files${dir}`);
  await page.getByText("10,000 items", { exact: true }).waitFor();
  const { paths, atOnce } = reads(page);
  await page.getByRole("button", { name: "Grid", exact: true }).click();
  await tile(page, "i00000.png").getByRole("img").waitFor();
  const drawn = () => tiles(page).evaluateAll((cells) => cells.every((cell) => cell.querySelector("img") !== null));
  await expect.poll(drawn).toBe(true);
  const first = await tiles(page).count();
  expect(first).toBeLessThan(80);
  expect(paths.size).toBe(first);
  await page.getByRole("grid").focus();
  await page.keyboard.press("End");
  await tile(page, "i09999.png").getByRole("img").waitFor();
  await expect.poll(drawn).toBe(true);
  expect(await tiles(page).count()).toBeLessThan(80);
  expect(paths.size).toBeLessThan(first + 160);
  expect(atOnce()).toBeLessThanOrEqual(4);
  expect(atOnce()).toBeGreaterThan(1);
  // What was looked at is not read again.
  const before = paths.size;
  paths.clear();
  await page.keyboard.press("Home");
  await tile(page, "i00000.png").getByRole("img").waitFor();
  await expect.poll(drawn).toBe(true);
  expect([before > first, paths.size]).toEqual([true, 0]);
});
