import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { archive } from "../src/upload/archive";
import { row } from "./entries";
import { as, Caller, fresh, password, person, project, url, visit } from "./house";

const link = (page: Page, name: string) => page.getByRole("grid").getByRole("link", { name, exact: true });
const moves = (page: Page) => page.getByRole("region", { name: "Moves and copies" });

/** A user with a project that has some files in Logs. */
function scene(names: readonly string[]): { user: string; p: string; caller: Caller; fill: () => Promise<void> } {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  return {
    user,
    p,
    caller,
    fill: async () => {
      for (const name of names) await caller.put(`/Projects/${p}/Logs/${name}`, `content of ${name}`);
    },
  };
}

/** Drags by the mouse, as people do. held: a key that is held meanwhile. before: what happens before it is dropped. */
async function drag(page: Page, from: Locator, to: Locator, held?: "Control", before?: () => Promise<void>): Promise<void> {
  const [a, b] = [await from.boundingBox(), await to.boundingBox()];
  if (a === null || b === null) throw new Error("what is dragged, or where to, cannot be seen");
  await page.mouse.move(a.x + 60, a.y + a.height / 2);
  await page.mouse.down();
  if (held !== undefined) await page.keyboard.down(held);
  await page.mouse.move(a.x + 70, a.y + a.height / 2 + 6);
  await page.mouse.move(b.x + Math.min(40, b.width / 2), b.y + b.height / 2, { steps: 4 });
  await before?.();
  await page.mouse.up();
  if (held !== undefined) await page.keyboard.up(held);
}

test("rows are dragged onto a folder, a crumb and the tree; Ctrl copies, Escape ends it, and Undo brings them back", async () => {
  const { user, p, caller, fill } = scene(["a.log", "b.log", "c.log", "old/before.log"]);
  await fill();
  const logs = `/Projects/${p}/Logs`;
  const page = await as(user, `/files${logs}`);
  await link(page, "a.log").waitFor();

  const ended = page.evaluate(() => new Promise<void>((done) => document.addEventListener("dragend", () => done(), { once: true })));
  await drag(page, row(page, "a.log"), row(page, "old"), undefined, async () => {
    await page.locator("[data-over]").waitFor();
    await page.keyboard.press("Escape");
  });
  await ended;
  await expect.poll(() => page.locator("[data-over]").count()).toBe(0);
  expect(await caller.names(logs)).toEqual(["a.log", "b.log", "c.log", "old"]);

  await row(page, "a.log").getByRole("checkbox").check();
  await row(page, "b.log").getByRole("checkbox").check();
  await drag(page, row(page, "b.log"), row(page, "old"));
  await page.getByText("2 items moved to old.").waitFor();
  expect(await caller.names(logs)).toEqual(["c.log", "old"]);
  expect(await caller.names(`${logs}/old`)).toEqual(["a.log", "b.log", "before.log"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("2 items moved back.").waitFor();
  await link(page, "b.log").waitFor();
  expect(await caller.names(logs)).toEqual(["a.log", "b.log", "c.log", "old"]);

  await drag(page, row(page, "c.log"), row(page, "old"), "Control");
  await page.getByText("“c.log” copied to old.").waitFor();
  expect(await caller.names(`${logs}/old`)).toEqual(["before.log", "c.log"]);
  expect((await caller.get(`${logs}/old/c.log`)).toString()).toBe("content of c.log");
  expect(await caller.names(logs)).toEqual(["a.log", "b.log", "c.log", "old"]);

  await drag(page, row(page, "a.log"), page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: p }));
  await page.getByText(`“a.log” moved to ${p}.`).waitFor();
  expect(await caller.names(`/Projects/${p}`)).toContain("a.log");

  const tree = page.getByRole("tree", { name: "Projects and their folders" });
  await drag(page, row(page, "b.log"), tree.getByRole("treeitem", { name: "Training_Datasets", exact: true }));
  await page.getByText("“b.log” moved to Training_Datasets.").waitFor();
  expect(await caller.names(`/Projects/${p}/Training_Datasets`)).toContain("b.log");
});

test("a dialog is a place: a link opens it, back closes it, and what cannot be is said before anything is sent", async () => {
  const { user, p, caller, fill } = scene(["run/deep/a.log", "b.log"]);
  await fill();
  const logs = `/Projects/${p}/Logs`;
  const page = await as(user, `/files${logs}`);
  await row(page, "run").getByRole("checkbox").check();
  await page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "Move", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Move “run”" });
  await dialog.waitFor();
  expect(new URL(page.url()).search).toBe("?open=move&of=run");
  await dialog.getByLabel("Folder", { exact: true }).fill(`${logs}/run/deep/`);
  await dialog.getByText("cannot be moved or copied into one of its own subfolders").waitFor();
  expect(await dialog.getByRole("button", { name: "Move here" }).isDisabled()).toBe(true);
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  expect(await page.locator(".status").textContent()).toContain("1 item selected");
  await page.goForward();
  await dialog.waitFor();
  await page.reload();
  await dialog.waitFor();

  await dialog.getByRole("treeitem", { name: "Training_Datasets", exact: true }).getByRole("link").click();
  await dialog.getByText(`/Projects/${p}/Training_Datasets/run`, { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "New folder here" }).click();
  await dialog.getByLabel(/^Name of new folder/).fill("kept");
  await page.keyboard.press("Enter");
  await dialog.getByText(`/Projects/${p}/Training_Datasets/kept/run`, { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Move here" }).click();
  await page.getByText("“run” moved to kept.").waitFor();
  expect((await caller.get(`/Projects/${p}/Training_Datasets/kept/run/deep/a.log`)).toString()).toBe("content of run/deep/a.log");
  expect(await caller.names(logs)).toEqual(["b.log"]);
  expect(new URL(page.url()).search).toBe("");
});

test("a name that is taken is asked about, once or for all", async () => {
  const { user, p, caller, fill } = scene(["a.log", "b.log", "c.log", "d.log"]);
  await fill();
  const [logs, models] = [`/Projects/${p}/Logs`, `/Projects/${p}/Models`];
  for (const name of ["a.log", "b.log", "c.log", "d.log", "a (2).log"]) await caller.put(`${models}/${name}`, "before");
  const page = await as(user, `/files${logs}`, { failures: [409] });
  await link(page, "a.log").waitFor();
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+x");
  await page.getByText("4 items cut").waitFor();
  await page.goto(page.url().replace("/Logs", "/Models")); // what was cut is of the page that is gone
  await link(page, "a.log").waitFor();
  await page.keyboard.press("Control+v");
  expect(await caller.names(logs)).toEqual(["a.log", "b.log", "c.log", "d.log"]);

  await page.goBack();
  await link(page, "a.log").waitFor();
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+x");
  await page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: p }).click();
  await link(page, "Models").click();
  await link(page, "a (2).log").waitFor();
  let turn = Promise.resolve(); // three are moved at a time, and are asked about in the order of the answers
  await page.route("**/api/v1/fs/rename?*", (route) => {
    turn = turn.then(async () => route.fulfill({ response: await route.fetch() }));
    return turn;
  });
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+v");
  await moves(page).getByRole("alertdialog").waitFor();
  expect(await page.evaluate(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })))).toBe(false); // what waits would be lost with the page
  for (const [name, how] of [["a.log", "Keep both"], ["b.log", "Replace"]] as const) {
    const asked = moves(page).getByRole("alertdialog").filter({ hasText: name });
    await asked.getByLabel("Do this for all conflicts").uncheck();
    await asked.getByRole("button", { name: how }).click();
  }
  const asked = moves(page).getByRole("alertdialog").filter({ hasText: "c.log" });
  await asked.getByLabel("Do this for all conflicts").check();
  await asked.getByRole("button", { name: "Skip" }).click();
  await page.getByText("2 items moved to Models.").waitFor();
  expect(await caller.names(logs)).toEqual(["c.log", "d.log"]);
  expect(await caller.names(models)).toEqual(["a (2).log", "a (3).log", "a.log", "b.log", "c.log", "d.log"]);
  expect((await caller.get(`${models}/a (3).log`)).toString()).toBe("content of a.log");
  expect((await caller.get(`${models}/b.log`)).toString()).toBe("content of b.log");
  const replaced = await caller.names(`/Projects/${p}/.Trash/${user}/Current${models}`);
  expect(replaced).toEqual(["b.log"]);
});

test("between projects entries are copied and the originals go to the trash, which is said before", async () => {
  const { user, p, caller, fill } = scene(["run/a.log", "run/deep/b.log"]);
  await fill();
  const other = project(user, fresh("Q"));
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await row(page, "run").getByRole("checkbox").check();
  const tree = page.getByRole("tree", { name: "Projects and their folders" });
  await drag(page, row(page, "run"), tree.getByRole("treeitem", { name: other, exact: true }));
  const dialog = page.getByRole("dialog", { name: "Move “run”" });
  await dialog.getByText("Files cannot be moved between projects directly").waitFor();
  await dialog.getByText(`/Projects/${other}/run`, { exact: true }).waitFor();
  expect(await caller.names(`/Projects/${other}`)).not.toContain("run");
  await dialog.getByRole("button", { name: "Copy, then move to trash" }).click();
  await page.getByText(`“run” copied to ${other}; the originals are in the trash.`).waitFor();
  expect((await caller.get(`/Projects/${other}/run/deep/b.log`)).toString()).toBe("content of run/deep/b.log");
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual([]);
  expect(await caller.names(`/Projects/${p}/.Trash/${user}/Current/Projects/${p}/Logs`)).toEqual(["run"]);
});

test("what a share shows is not moved to where it is, which would put it into the trash", async () => {
  const { user, p, caller } = scene([]);
  const other = project(user, fresh("Q"));
  await caller.put(`/Projects/${p}/Models/net.bin`, "weights");
  await caller.accept(await caller.share(p, `/Projects/${p}/Models`, { project: other, level: "edit" }));
  const page = await as(user, `/files/Projects/${p}/Models`, { failures: [409] });
  await row(page, "net.bin").getByRole("checkbox").check();
  await page.keyboard.press("Shift+M");
  const dialog = page.getByRole("dialog", { name: "Move “net.bin”" });
  await dialog.getByLabel("Folder", { exact: true }).fill(`/Projects/${other}/Shared/${p}.Models`);
  await dialog.getByRole("button", { name: "Copy, then move to trash" }).click();
  await moves(page).getByText("It is already there").waitFor();
  expect(await moves(page).getByRole("alertdialog").count()).toBe(0);
  expect((await caller.get(`/Projects/${p}/Models/net.bin`)).toString()).toBe("weights");
});

test("a copy goes on when the page is loaded again, and can be ended, with nothing left of it", async () => {
  const { user, p, caller } = scene([]);
  const dir = `/Projects/${p}/Logs`;
  const many = Array.from({ length: 10_000 }, (_, i) => ({ name: `many/${i}.txt`, content: new Blob([`${i}`]) }));
  await caller.batchWrite(dir, archive(many));
  const page = await as(user, `/files${dir}`);
  await row(page, "many").getByRole("checkbox").check();
  await page.keyboard.press("Shift+C");
  const dialog = page.getByRole("dialog", { name: "Copy “many”" });
  await dialog.getByRole("treeitem", { name: "Models", exact: true }).getByRole("link").click();
  await dialog.getByRole("button", { name: "Copy here" }).click();
  await moves(page).getByRole("heading", { name: "Copying 1 item" }).waitFor();
  await moves(page).getByRole("button", { name: "Cancel many" }).waitFor();
  await page.reload();
  await moves(page).getByRole("heading", { name: "Copying 1 item" }).waitFor();
  await moves(page).getByRole("button", { name: "Cancel many" }).click();
  await moves(page).waitFor({ state: "detached" });
  expect(await caller.names(`/Projects/${p}/Models`)).toEqual([]);
  expect(await page.getByText("copied to").count()).toBe(0);
});

test("a tree opens by the keyboard and follows the page; its files are not read", async () => {
  const { user, p, caller } = scene([]);
  for (const name of ["Logs/one/two/three/x", "Logs/one/f1", "Logs/one/f2", "Logs/other/inner/y"]) await caller.put(`/Projects/${p}/${name}`, "x");
  const page = await as(user, "/");
  const listed: string[] = [];
  page.on("request", (r) => r.url().includes("/list-status") && listed.push(new URL(r.url()).searchParams.get("path") ?? ""));
  await page.goto(`${url}/files/Projects/${p}/Logs/one/two`);
  const tree = page.getByRole("tree", { name: "Projects and their folders" });
  const item = (name: string) => tree.getByRole("treeitem", { name, exact: true });
  await expect.poll(() => item("two").getAttribute("aria-current")).toBe("page");
  await item("two").focus();
  await page.keyboard.press("ArrowRight");
  await item("three").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await link(page, "x").waitFor();
  expect(await item("three").getAttribute("aria-current")).toBe("page");
  await page.keyboard.press("ArrowLeft"); // it is closed, or has nothing to close
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => item("two").getAttribute("aria-expanded")).toBe("false");
  expect(await item("f1").count()).toBe(0);
  expect(new Set(listed)).toEqual(new Set([`/Projects/${p}/Logs/one/two`, `/Projects/${p}/Logs/one/two/three`])); // only the pages

  await page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: "Logs" }).click();
  await link(page, "other").click();
  await link(page, "inner").click();
  await expect.poll(() => item("inner").getAttribute("aria-current")).toBe("page");

  const line = page.getByRole("separator", { name: "Sidebar width" });
  await line.focus();
  const before = (await tree.boundingBox())?.width ?? 0;
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await expect.poll(async () => ((await tree.boundingBox())?.width ?? 0) - before).toBe(80);
  await page.reload();
  await expect.poll(async () => ((await tree.boundingBox())?.width ?? 0) - before).toBe(80);
});

test("a tree follows what the page makes and deletes, and stays within reach of the keyboard", async () => {
  const { user, p, caller } = scene([]);
  await caller.put(`/Projects/${p}/Logs/old/f`, "x");
  await caller.mkdirs(`/Projects/${p}/Logs/kept`);
  const page = await as(user, `/files/Projects/${p}/Logs/old`);
  const tree = page.getByRole("tree", { name: "Projects and their folders" });
  const item = (name: string) => tree.getByRole("treeitem", { name, exact: true });
  await item("old").getByRole("link").click();
  await expect.poll(() => item("old").getAttribute("tabindex")).toBe("0");
  await page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: "Logs" }).click();
  await row(page, "old").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await item("old").waitFor({ state: "detached" });
  await expect.poll(() => tree.locator("[role=treeitem][tabindex='0']").count()).toBe(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await item("old").waitFor();
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("made");
  await page.getByRole("button", { name: "Create" }).click();
  await item("made").waitFor();
});

test("the keyboard alone leads from signing in to a dataset that is moved into, and shared", async () => {
  const [ada, bob] = [person(), person()];
  const [from, to] = [project(ada), project(bob)];
  await new Caller(ada).put(`/Projects/${from}/Logs/weights.bin`, "weights");
  const page = await visit("/");
  await page.getByLabel("User").waitFor();
  for (const key of [ada, "Tab", password, "Enter"]) await (key === "Tab" || key === "Enter" ? page.keyboard.press(key) : page.keyboard.type(key));
  await page.getByRole("heading", { name: "Projects", exact: true }).waitFor();
  const tab = async (to: Locator) => {
    for (let i = 0; i < 40 && !(await to.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
    expect(await to.evaluate((e) => e === document.activeElement)).toBe(true);
  };
  const tree = page.getByRole("tree", { name: "Projects and their folders" });
  await tab(tree.getByRole("treeitem", { name: from, exact: true }));
  await page.keyboard.press("ArrowRight");
  await tree.getByRole("treeitem", { name: "Logs", exact: true }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("l");
  await page.keyboard.press("Enter");
  await link(page, "weights.bin").waitFor();
  await tab(page.getByRole("grid"));
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+M");
  await page.getByLabel("Folder", { exact: true }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(`/Projects/${from}/Models`);
  await page.keyboard.press("Enter");
  await page.getByText("“weights.bin” moved to Models.").waitFor();
  await tab(tree.locator("[tabindex='0']"));
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  await link(page, "weights.bin").waitFor();
  await page.keyboard.press("Shift+S");
  await page.getByLabel("Project name").waitFor();
  await page.keyboard.type(to);
  await page.keyboard.press("Enter");
  await page.getByText("not accepted yet").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
