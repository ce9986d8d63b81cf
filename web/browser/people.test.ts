import { expect, test } from "vitest";
import type { Locator, Page } from "playwright-core";
import { row } from "./entries";
import { as, Caller, fresh, person, project, superuser } from "./house";

const outcome = (page: Page): Locator => page.getByRole("dialog").getByRole("region", { name: "Effect on people" });

/** What a preview says of somebody: now, and after. */
async function foretold(page: Page, who: string): Promise<string[]> {
  await outcome(page).and(page.locator("[aria-busy=false]")).waitFor();
  const line = outcome(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${who}`) }) });
  return (await line.count()) === 0 ? [] : line.getByRole("cell").allTextContents();
}

/** Opens the dialog from the More menu. */
async function openPermissions(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Permissions/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Permissions of/ });
  await dialog.getByLabel("Owner: ").first().waitFor();
  return dialog;
}

test("an owner gives bob an entry, sees what comes of it before it is saved, and bob reads", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  const owner = new Caller(ada);
  const dir = `/Projects/${p}/Models`;
  await owner.put(`${dir}/weights.bin`, "weights");
  await owner.change("set-permission", { path: `/Projects/${p}`, permission: "771" });
  await owner.change("set-permission", { path: dir, permission: "771" });
  await owner.change("set-permission", { path: `${dir}/weights.bin`, permission: "640" });
  await expect(new Caller(bob).get(`${dir}/weights.bin`)).rejects.toThrow("403");

  const page = await as(ada, `/files${dir}`);
  await row(page, "weights.bin").getByRole("checkbox").check();
  const dialog = await openPermissions(page);
  expect(await foretold(page, bob)).toEqual([]);
  await dialog.getByLabel("Name to add to the access list").fill(bob);
  await page.keyboard.press("Enter");
  await expect.poll(() => foretold(page, bob)).toEqual(["nothing", "read"]);
  await dialog.getByLabel(`${bob}: write`).check();
  await expect.poll(() => foretold(page, bob)).toEqual(["nothing", "read, write"]);

  // The mask limits what the entry gives, and the preview says so.
  await dialog.getByRole("group", { name: "Mask" }).getByText("The mask limits the owning group").waitFor();
  await dialog.getByLabel("Mask: write").uncheck();
  await expect.poll(() => foretold(page, bob)).toEqual(["nothing", "read"]);
  await expect(new Caller(bob).get(`${dir}/weights.bin`)).rejects.toThrow("403");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Permissions of “weights.bin” changed.").waitFor();
  expect((await new Caller(bob).get(`${dir}/weights.bin`)).toString()).toBe("weights");

  // Opened again, the entry is shown with what the mask leaves of it.
  await openPermissions(page);
  await dialog.getByText("mask: r--").waitFor();
  await dialog.getByRole("button", { name: `Remove ${bob}` }).click();
  await expect.poll(() => foretold(page, bob)).toEqual(["read", "nothing"]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" }); // that they changed is still said of the time before
  await expect(new Caller(bob).get(`${dir}/weights.bin`)).rejects.toThrow("403");
});

test("who would lock himself out is told before", async () => {
  const [ada, sam] = [person(), person()];
  const p = project(ada);
  await new Caller(ada).setMember(p, sam, "scientist");
  const dir = `/Projects/${p}/Logs`;
  await new Caller(sam).put(`${dir}/mine.log`, "log");
  const page = await as(sam, `/files${dir}/mine.log?open=access`);
  const dialog = page.getByRole("dialog", { name: "Permissions of “mine.log”" });
  await dialog.getByLabel("Owner: read").uncheck();
  const warning = dialog.getByRole("alert");
  await expect.poll(() => warning.textContent()).toContain("You would lose access");
  expect(await warning.textContent()).toContain("restore your access later");
  await dialog.getByText("Only data owners of the project and superusers").waitFor();
  await dialog.getByLabel("Owner: read").check();
  await warning.waitFor({ state: "detached" });
});

test("what somebody else has changed meanwhile is not overwritten", async () => {
  const ada = person();
  const p = project(ada);
  const owner = new Caller(ada);
  const file = `/Projects/${p}/Models/shared.bin`;
  await owner.put(file, "x");
  await owner.change("set-permission", { path: file, permission: "640" });
  const page = await as(ada, `/files${file}?open=access`);
  const dialog = page.getByRole("dialog", { name: "Permissions of “shared.bin”" });
  await dialog.getByLabel("Others: read").check();
  await owner.change("set-permission", { path: file, permission: "600" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Their changes were not overwritten").waitFor();
  expect(await owner.mode(file)).toBe("600");
  await dialog.getByRole("button", { name: "Back to current permissions" }).click();
  await expect.poll(() => dialog.getByLabel("Group: read").isChecked()).toBe(false);
  expect(await dialog.getByLabel("Others: read").isChecked()).toBe(true);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await owner.mode(file)).toBe("604");
});

test("many at once, and all below: only what was touched changes, and what fails is said and tried again", async () => {
  const [ada, sam] = [person(), person()];
  const p = project(ada);
  const owner = new Caller(ada);
  await owner.setMember(p, sam, "scientist");
  const dir = `/Projects/${p}/Training_Datasets`;
  const scientist = new Caller(sam);
  await owner.change("set-permission", { path: dir, permission: "770" });
  await scientist.put(`${dir}/open.csv`, "x");
  await scientist.put(`${dir}/clips/a/1.wav`, "x");
  await scientist.put(`${dir}/clips/2.wav`, "x");
  await scientist.change("set-permission", { path: `${dir}/open.csv`, permission: "644" });
  await scientist.change("set-permission", { path: `${dir}/clips`, permission: "770" });
  await scientist.change("set-permission", { path: `${dir}/clips/a`, permission: "770" });
  await scientist.change("set-permission", { path: `${dir}/clips/a/1.wav`, permission: "600" });
  await scientist.change("set-permission", { path: `${dir}/clips/2.wav`, permission: "660" });
  await owner.put(`${dir}/clips/adas.wav`, "x"); // which is not sam's to change
  await owner.change("set-permission", { path: `${dir}/clips/adas.wav`, permission: "640" });

  const page = await as(sam, `/files${dir}`);
  await row(page, "clips").getByRole("checkbox").check();
  await row(page, "open.csv").getByRole("checkbox").check();
  await page.getByRole("grid").focus();
  await page.keyboard.press("Shift+P");
  const dialog = page.getByRole("dialog", { name: "Permissions of 2 items" });
  const others = dialog.getByLabel("Others: read / list");
  await expect.poll(() => others.evaluate((box: HTMLInputElement) => [box.checked, box.indeterminate])).toEqual([false, true]);
  await others.click();
  expect(await others.isChecked()).toBe(true);
  await dialog.getByLabel("Others: execute / enter").check();
  await dialog.getByLabel("Apply to everything inside").check();
  await dialog.getByRole("button", { name: "Save for everything inside" }).click();
  await dialog.getByText("4 items changed; 1 change failed.").waitFor();
  const failures = dialog.getByRole("region", { name: "Failed changes" });
  expect(await failures.getByRole("listitem").allTextContents()).toEqual([expect.stringContaining(`${dir}/clips/adas.wav`)]);
  expect(await failures.textContent()).toContain("not the owner");
  expect(await Promise.all(["open.csv", "clips", "clips/a", "clips/a/1.wav", "clips/2.wav", "clips/adas.wav"].map((name) => owner.mode(`${dir}/${name}`)))).toEqual([
    "644", "775", "775", "604", "664", "640",
  ]);

  await superuser().change("set-owner", { path: `${dir}/clips/adas.wav`, owner: sam });
  await dialog.getByRole("button", { name: "Retry" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await owner.mode(`${dir}/clips/adas.wav`)).toBe("644");
});

test("who can see a dataset is told with the reasons: a role, an entry, and a share that ends", async () => {
  const [ada, bob, eve] = [person(), person(), person()];
  const [p, other] = [project(ada), project(bob)];
  const owner = new Caller(ada);
  const dir = `/Projects/${p}/Models`;
  await owner.put(`${dir}/weights.bin`, "weights");
  const share = await owner.share(p, dir, { project: other, level: "read", expires: "2099-05-01T12:00:00Z" });
  await new Caller(bob).accept(share);
  const page = await as(ada, `/files${dir}/weights.bin`, { failures: [404] });
  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: "Who has access" }).click();
  expect(new URL(page.url()).search).toBe("?open=access&who=1");
  const dialog = page.getByRole("dialog", { name: "Permissions of “weights.bin”" });
  const line = (user: string) => dialog.getByRole("row").filter({ has: page.getByRole("rowheader", { name: user }) }).getByRole("cell").allTextContents();
  await dialog.getByRole("button", { name: `Why ${bob}` }).waitFor();
  expect((await line(bob)).slice(0, 2)).toEqual(["read", "a share"]);
  expect((await line(ada)).slice(0, 2)).toEqual(["read, write, execute, manage", "data owner of the project"]);
  expect((await line("Everyone else"))[0]).toBe("nothing");
  await dialog.getByRole("button", { name: `Why ${bob}` }).click();
  const why = dialog.getByRole("group", { name: `Can ${bob} read it?` });
  await expect.poll(() => why.textContent()).toContain(`the dataset Models is shared with project ${other} (can read until Friday, May 1, 2099`);
  await why.getByText("Show every check, from the top folder down").click();
  await why.getByText(`${dir} leads to`).or(why.getByText(`/Projects/${p} leads to something that is shared`)).first().waitFor();

  // About anybody one may ask, also about who gets no further than the project.
  await dialog.getByLabel("User to check").fill(eve);
  await page.keyboard.press("Enter");
  const not = dialog.getByRole("group", { name: `Can ${eve} read it?` });
  await expect.poll(() => not.textContent()).toContain(`No: ${eve} cannot read it`);
  await dialog.getByLabel("User to check").fill("nobody-at-all");
  await page.keyboard.press("Enter");
  await expect.poll(() => dialog.getByRole("alert").textContent()).toContain("nobody-at-all");

  // Who gets in through the share is told about himself, and why of nobody else.
  const taker = await as(bob, `/files${dir}/weights.bin?open=access&who=1`, { failures: [403] });
  await taker.getByText("Only data owners of").waitFor();
  await expect.poll(() => taker.getByRole("group", { name: `Can ${bob} write to it?` }).textContent()).toContain("which does not allow this");
  expect(await taker.getByRole("dialog").textContent()).not.toContain(ada);
});

test("a share with an end: names are completed, the end is shown and moved, and when it is over nobody reads", async () => {
  const [ada, bob] = [person(), person()];
  const colleague = person(fresh("colleague"));
  const p = project(ada);
  const owner = new Caller(ada);
  await owner.setMember(p, colleague, "observer");
  const dir = `/Projects/${p}/Models`;
  await owner.put(`${dir}/weights.bin`, "weights");
  const page = await as(ada, `/files${dir}?open=share`);
  const dialog = page.getByRole("dialog", { name: "Share Models" });
  await dialog.getByLabel("A person").check();
  const name = dialog.getByRole("combobox", { name: "User name" });
  // Whom she knows is proposed, and taken with the keyboard; of others she is told nothing.
  await name.fill(colleague.slice(0, 9).toUpperCase());
  await dialog.getByRole("option", { name: colleague }).waitFor();
  await name.press("ArrowDown");
  await name.press("Enter");
  await expect.poll(() => name.inputValue()).toBe(colleague);
  const [, nobody] = await Promise.all([name.fill(bob.slice(0, 4)), page.waitForResponse((r) => r.url().includes("/users/known?") && r.url().includes(bob.slice(0, 4)))]);
  expect(await nobody.json()).toEqual({ names: [] });
  await name.fill(bob);
  await dialog.getByRole("button", { name: "1 week" }).click();
  await dialog.getByRole("button", { name: "Share" }).click();
  const given = dialog.getByRole("region", { name: "Shared with" });
  await expect.poll(() => given.getByRole("listitem").textContent()).toMatch(new RegExp(`^${bob}Can read, not accepted yet, ends in [78] days`));

  const taker = await as(bob, "/shared");
  await taker.getByRole("button", { name: "Accept" }).click();
  await taker.getByRole("region", { name: "Accepted" }).getByText(/Can read until/).waitFor();
  expect((await new Caller(bob).get(`${dir}/weights.bin`)).toString()).toBe("weights");

  await dialog.getByRole("button", { name: `Change the share with ${bob}` }).click();
  const change = dialog.getByRole("form", { name: `Share with ${bob}` });
  await change.getByRole("button", { name: "1 month" }).click();
  await change.getByLabel("Access").selectOption("edit");
  await change.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => given.getByRole("listitem").textContent()).toMatch(new RegExp(`^${bob}Can edit, ends in (30|31) days`));
  await new Caller(bob).put(`${dir}/more.bin`, "more"); // without accepting again

  // It is over by the database's clock, with nobody doing anything.
  const his = new Caller(bob);
  await owner.share(p, dir, { user: bob, level: "read", expires: new Date(Date.now() + 5000).toISOString() });
  expect((await his.get(`${dir}/weights.bin`)).toString()).toBe("weights");
  await expect.poll(() => his.get(`${dir}/weights.bin`).then(String, (e: unknown) => String(e)), { interval: 300 }).toMatch(/40[34]/);
  await page.reload();
  await given.getByText("Not shared outside").waitFor();
});

test("the keyboard alone gives somebody an entry and asks why", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  const dir = `/Projects/${p}/Models`;
  await new Caller(ada).put(`${dir}/weights.bin`, "weights");
  const page = await as(ada, `/files${dir}`);
  await row(page, "weights.bin").waitFor();
  for (let i = 0; i < 40 && !(await page.getByRole("grid").evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+P");
  const dialog = page.getByRole("dialog", { name: "Permissions of “weights.bin”" });
  const name = dialog.getByLabel("Name to add to the access list");
  await name.waitFor();
  const tabTo = async (at: Locator) => {
    for (let i = 0; i < 40 && !(await at.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
    expect(await at.evaluate((e) => e === document.activeElement)).toBe(true);
  };
  await tabTo(name);
  await page.keyboard.type(bob);
  await page.keyboard.press("Enter");
  await dialog.getByLabel(`${bob}: read`).waitFor();
  await tabTo(dialog.getByRole("tab", { name: "Permissions" }));
  await page.keyboard.press("ArrowRight");
  await dialog.getByRole("button", { name: `Why ${ada}` }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await tabTo(dialog.getByLabel(`${bob}: write`)); // what was drafted is there still
  await page.keyboard.press("Space");
  await tabTo(dialog.getByRole("button", { name: "Save" }));
  await page.keyboard.press("Enter");
  await page.getByText("Permissions of “weights.bin” changed.").waitFor();
  expect(await new Caller(ada).acl(`${dir}/weights.bin`)).toContain(`user:${bob}:rw-`);
});
