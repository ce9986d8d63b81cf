import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, Caller, command, person, project, url } from "./house";

const dialog = (page: Page) => page.getByRole("dialog");
const secretOf = async (page: Page) => (await dialog(page).getByLabel("Token", { exact: true }).textContent()) ?? "";

/** Makes a token on its page, for a directory and reading unless verbs are named, and returns it. */
async function make(page: Page, name: string, where: { project: string; dir?: string }, more: readonly string[] = []): Promise<string> {
  await page.getByRole("button", { name: "New token" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill(name);
  await dialog(page).getByLabel("Access to").selectOption(where.project);
  if (where.dir !== undefined) await dialog(page).getByRole("treeitem", { name: where.dir }).getByRole("link").click();
  for (const verb of more) await dialog(page).getByLabel(verb).check();
  await dialog(page).getByRole("button", { name: "Create token" }).click();
  await dialog(page).getByText("it will not be shown again").waitFor();
  return secretOf(page);
}

/** Asks the server past the browser. */
const ask = (secret: string, method: string, path: string, body?: string) =>
  fetch(`${url}/webhdfs/v1${path}`, { method, headers: { Authorization: `Bearer ${secret}` }, redirect: "follow", ...(body === undefined ? {} : { body }) });

test("a token is limited to what was said, shows its use, and ends at once", async () => {
  const ada = person();
  const p = project(ada);
  const dir = `/Projects/${p}/Training_Datasets`;
  await new Caller(ada).put(`${dir}/ages.csv`, "name,age\nAda,36\n");
  await new Caller(ada).put(`/Projects/${p}/Models/weights.bin`, "weights");
  const page = await as(ada, "/");
  await page.getByRole("button", { name: `Account of ${ada}` }).click();
  await page.getByRole("menuitem", { name: "Tokens" }).click();
  await page.getByRole("heading", { name: "You have no tokens" }).waitFor();
  const secret = await make(page, "notebook", { project: p, dir: "Training_Datasets" });
  expect(secret).toMatch(/^gr_/);
  // It is in what is shown, and nowhere else.
  expect(page.url()).not.toContain(secret);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie]));
  expect(kept).not.toContain(secret);
  expect(await dialog(page).getByRole("region", { name: "Code to copy" }).textContent()).not.toContain(secret);
  await page.keyboard.press("Escape"); // which would lose it
  expect(await secretOf(page)).toBe(secret);
  await dialog(page).getByRole("button", { name: "Done, I have copied it" }).click();
  await dialog(page).waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(secret);
  const row = page.getByRole("listitem").filter({ hasText: "notebook" });
  await row.getByText("never").waitFor();
  expect(await row.textContent()).toContain(`Can read in ${dir}`);

  const read = await ask(secret, "GET", `${dir}/ages.csv?op=OPEN`);
  expect([read.status, await read.text()]).toEqual([200, "name,age\nAda,36\n"]);
  expect((await ask(secret, "PUT", `${dir}/more.csv?op=CREATE&data=true`, "x")).status).toBe(403);
  expect((await ask(secret, "GET", `/Projects/${p}/Models/weights.bin?op=OPEN`)).status).toBe(403);
  await row.getByText("never").waitFor({ state: "detached" });

  await row.getByRole("button", { name: "Revoke notebook" }).click();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  expect((await ask(secret, "GET", `${dir}/ages.csv?op=OPEN`)).status).toBe(200);
  await row.getByRole("button", { name: "Revoke notebook" }).click();
  await dialog(page).getByRole("button", { name: "Revoke token" }).click();
  await page.getByText("notebook revoked").waitFor();
  expect((await ask(secret, "GET", `${dir}/ages.csv?op=OPEN`)).status).toBe(401);
  await page.getByText("You have no active tokens.").waitFor();
  await page.getByRole("button", { name: "Show 1 revoked" }).click();
  await row.getByText("revoked", { exact: true }).waitFor();
});

test("the lines for a directory that another project shares use the path by which the token reaches it", async () => {
  const [ada, bob] = [person(), person()];
  const [from, to] = [project(ada), project(bob)];
  const giver = new Caller(ada);
  await giver.put(`/Projects/${from}/Models/weights.bin`, "weights");
  await new Caller(bob).accept(await giver.share(from, `/Projects/${from}/Models`, { project: to, level: "read" }));
  const shown = `/Projects/${to}/Shared/${from}.Models`;
  const page = await as(bob, `/tokens?${new URLSearchParams({ new: "1", project: to, dir: shown, verbs: "read" })}`);
  await dialog(page).getByLabel("Name", { exact: true }).fill("shared");
  await dialog(page).getByRole("button", { name: "Create token" }).click();
  await dialog(page).getByText("it will not be shown again").waitFor();
  const secret = await secretOf(page);
  await dialog(page).getByRole("tab", { name: "curl" }).click();
  const lines = (await dialog(page).getByRole("region", { name: "Code to copy" }).textContent()) ?? "";
  const [, address = ""] = /'(http[^']*op=LISTSTATUS)'/.exec(lines) ?? [];
  expect((await fetch(address, { headers: { Authorization: `Bearer ${secret}` } })).status).toBe(200);
  expect(decodeURIComponent(address)).toContain(shown);
});

test("a token that was just made stays, however often somebody presses Escape", async () => {
  const ada = person();
  const p = project(ada);
  const page = await as(ada, "/tokens");
  const secret = await make(page, "notebook", { project: p });
  for (let i = 0; i < 8; i++) await page.keyboard.press("Escape"); // after some, Chromium asks no page any more
  await expect.poll(() => dialog(page).isVisible()).toBe(true);
  expect(await secretOf(page)).toBe(secret);
  await dialog(page).getByRole("button", { name: "Done, I have copied it" }).click();
  await dialog(page).waitFor({ state: "detached" });
});

test("the lines for curl write and read as they are pasted", async () => {
  const ada = person();
  const p = project(ada);
  const page = await as(ada, "/tokens?new=1");
  await dialog(page).waitFor();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  const secret = await make(page, "shell", { project: p, dir: "Resources" }, ["Write"]);
  await dialog(page).getByRole("tab", { name: "curl" }).click();
  const lines = async (name: string) => (await dialog(page).getByLabel(name, { exact: true }).textContent()) ?? "";
  const folder = mkdtempSync(join(tmpdir(), "granary-lines-"));
  const run = (text: string) => execFileSync("bash", ["-c", text], { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"], GRANARY_TOKEN: secret } });
  try {
    run(await lines("Upload a file from the current folder"));
    expect((await new Caller(ada).get(`/Projects/${p}/Resources/hello.txt`)).toString()).toBe("hello\n");
    expect(run(await lines("List the folder"))).toContain(`"pathSuffix":"hello.txt"`);
    rmSync(join(folder, "hello.txt"));
    await dialog(page).getByRole("button", { name: "Done, I have copied it" }).click();
    // A file has its own lines, under a name that a shell and an address would take for something else.
    const name = `it's "100%" & $(x) ?#.txt`;
    await new Caller(ada).put(`/Projects/${p}/Resources/${name}`, "safe\n");
    await page.goto(`${url}/files/Projects/${p}/Resources/${encodeURIComponent(name)}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Use from Python…" }).click();
    await dialog(page).getByText("so it cannot find this path").waitFor();
    await dialog(page).getByRole("tab", { name: "curl" }).click();
    run(await lines("Download the file to the current folder"));
    expect(readFileSync(join(folder, name), "utf8")).toBe("safe\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a link opens the form filled, and what cannot be is said", async () => {
  const ada = person();
  const p = project(ada);
  const page = await as(ada, `/files/Projects/${p}/Logs`, { failures: [404] });
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Use from Python…" }).click();
  await dialog(page).getByRole("link", { name: "Create a token that can only read this" }).click();
  await dialog(page).getByRole("heading", { name: "New token" }).waitFor();
  expect(new URL(page.url()).search).toBe(`?new=1&verbs=read&project=${p}&dir=${encodeURIComponent(`/Projects/${p}/Logs`)}`);
  const field = dialog(page).getByLabel("Limit to this folder");
  expect(await field.inputValue()).toBe(`/Projects/${p}/Logs`);
  expect(await dialog(page).getByLabel("Read").isChecked()).toBe(true);
  await dialog(page).getByLabel("Name", { exact: true }).fill("x");
  await field.fill("/user/somewhere");
  await dialog(page).getByRole("button", { name: "Create token" }).click();
  await expect.poll(() => dialog(page).getByRole("alert").last().textContent()).toBe(`The folder must be in /Projects/${p}.`);
  await field.fill(`/Projects/${p}/nowhere`);
  await dialog(page).getByRole("button", { name: "Create token" }).click();
  await expect.poll(() => dialog(page).getByRole("alert").last().textContent()).toMatch(/nowhere/);
  await field.fill(`/Projects/${p}/Logs`);
  await dialog(page).getByLabel("Read").uncheck();
  await dialog(page).getByRole("button", { name: "Create token" }).click();
  await expect.poll(() => dialog(page).getByRole("alert").last().textContent()).toBe("Choose at least one permission.");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "You have no tokens" }).waitFor();
});

/** The history that is shown, without the times. */
const told = (page: Page) => page.locator(".history-entry p:first-child").allTextContents();

test("the history of a file says what others did, and by what; who may not know sees their own", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  const dir = `/Projects/${p}/Resources`;
  command(["project", "member", "add", p, bob, "--role", "scientist"]);
  await new Caller(ada).put(`${dir}/ages.csv`, "name,age\n");
  await new Caller(ada).change("modify-acl-entries", { path: dir, aclspec: `user:${bob}:rwx` });
  await new Caller(bob).change("rename", { path: `${dir}/ages.csv`, destination: `${dir}/years.csv` });
  const page = await as(ada, `/files${dir}/years.csv`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "History" }).click();
  await dialog(page).getByText(`${bob} renamed`).waitFor();
  expect(await told(page)).toEqual([`${bob} renamed ${dir}/ages.csv to years.csv`]);
  await page.goto(`${url}/files${dir}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "History" }).click();
  await dialog(page).getByText(`${bob} renamed ages.csv to years.csv`).waitFor();
  await dialog(page).getByText(`${ada} created ages.csv (9 B)`).waitFor();
  await dialog(page).getByLabel("By", { exact: true }).fill(ada);
  await page.keyboard.press("Enter");
  await dialog(page).getByText(`${bob} renamed`).waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("by")).toBe(ada);
  await dialog(page).getByLabel("Until").fill("2020-01-01");
  await dialog(page).getByText("No recorded activity matches these filters").waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("");

  const his = await as(bob, `/files${dir}?open=history`);
  await dialog(his).getByText("This shows only what you did.").waitFor();
  await dialog(his).getByText(`${bob} renamed ages.csv to years.csv`).waitFor();
  expect(await told(his)).toEqual([`${bob} renamed ages.csv to years.csv`]);
  expect(await dialog(his).getByLabel("By", { exact: true }).count()).toBe(0);
});

test("what a history is narrowed to is its own part of the address, and days that are none narrow nothing", async () => {
  const ada = person();
  const path = `/Projects/${project(ada)}/Logs/run.log`;
  await new Caller(ada).put(path, "one\n");
  const page = await as(ada, `/files${path}?from=end`); // a text from its end on
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "History" }).click();
  await dialog(page).getByText(`${ada} created run.log`).waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("?from=end");
  await page.goto(`${url}/files${path}?open=history&since=12026-01-01&until=soon`);
  await dialog(page).getByText(`${ada} created run.log`).waitFor();
});

test("a history has pages, and readings and refusals if they are wanted", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  const dir = `/Projects/${p}/Resources`;
  const caller = new Caller(ada);
  for (let i = 0; i < 101; i++) await caller.mkdirs(`${dir}/d${i}`);
  await caller.put(`/Projects/${p}/Models/m`, "m");
  await caller.get(`/Projects/${p}/Models/m`);
  command(["project", "member", "add", p, bob, "--role", "observer"]);
  await expect(new Caller(bob).put(`/Projects/${p}/Models/n`, "n")).rejects.toThrow("403");
  const page = await as(ada, `/files${dir}?open=history`);
  await dialog(page).getByText(`${ada} created the folder d100`).waitFor();
  expect(await told(page)).toHaveLength(100);
  await dialog(page).getByRole("button", { name: "Show older" }).click();
  await dialog(page).getByText(`${ada} created the folder d0`, { exact: true }).waitFor();
  expect((await told(page)).filter((text) => text.includes("created the folder d"))).toHaveLength(101);
  await page.goto(`${url}/files/Projects/${p}/Models?open=history`);
  await dialog(page).getByText(`${ada} created m`).waitFor();
  expect(await dialog(page).getByText(`${ada} read m`).count()).toBe(0);
  await expect
    .poll(
      async () => {
        await page.goto(`${url}/files/Projects/${p}/Models?open=history&reads=1`);
        await dialog(page).getByText(`${ada} created m`).waitFor();
        return (await told(page)).join("; ");
      },
      { timeout: 20_000 },
    )
    .toMatch(new RegExp(`${bob} was not allowed to write n.*${ada} read m`));
});

test("the activity of a project gains what others do, without a reload", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  command(["project", "member", "add", p, bob, "--role", "scientist"]);
  const page = await as(ada, `/projects/${p}`);
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Activity" }).click();
  await page.getByText(`made ${bob} a data scientist of`).waitFor();
  const his = await as(bob, `/projects/${p}?tab=activity`);
  await his.getByText("Data owners can also see reads").waitFor();
  await his.getByText(`made ${bob} a data scientist of`).waitFor();
  await new Caller(ada).put(`/Projects/${p}/Models/weights.bin`, "weights");
  await page.getByText(`${ada} created Models/weights.bin (7 B)`).waitFor();
  await his.getByText(`${ada} created Models/weights.bin (7 B)`).waitFor();
  await page.getByText("with a token").first().waitFor();
  expect(await his.getByText("with a token").count()).toBe(0);
});
