import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { row } from "./entries";
import { as, Caller, person, project, superuser, url } from "./house";

test("what takes the space is a place: the longest first, and a click leads down", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  for (const [name, size] of [["small/a", 1_000], ["large/b", 90_000], ["large/deep/c", 200_000], ["middle.bin", 50_000]] as const) await caller.put(`${dir}/${name}`, "x".repeat(size));
  const page = await as(user, `/files${dir}`);
  await row(page, "large").waitFor();
  await page.getByRole("link", { name: /used in this project$/ }).click();
  const sizes = page.getByRole("region", { name: "Storage used" });
  const lines = sizes.getByRole("listitem");
  await lines.first().waitFor();
  expect(await lines.allInnerTexts()).toEqual([
    expect.stringMatching(/^large\s+283 KiB\s85%\s+2 files$/),
    expect.stringMatching(/^middle\.bin\s+48\.8 KiB\s15%/),
    expect.stringMatching(/^small\s+0\.98 KiB\s0\.3%\s+1 file$/),
  ]);
  expect(await sizes.getByText("333 KiB").count()).toBe(1);
  await sizes.getByRole("link", { name: "large" }).click();
  await sizes.getByRole("link", { name: "deep" }).waitFor();
  expect(page.url()).toMatch(/\/Logs\/large\?view=sizes$/);
  await page.goBack();
  await sizes.getByRole("link", { name: "middle.bin" }).waitFor();
  await sizes.getByRole("button", { name: "Back to files" }).click();
  await row(page, "middle.bin").waitFor();
});

test("a limit is a bar in the head of a listing, on the project's page and where the space is told", async () => {
  const user = person();
  const p = project(user);
  await new Caller(user).put(`/Projects/${p}/Logs/a.bin`, "x".repeat(300_000));
  await superuser().change("set-quota", { path: `/Projects/${p}`, storagespacequota: "1000000" });
  const page = await as(user, `/files/Projects/${p}/Logs`);
  const meter = page.getByRole("meter", { name: `Space used by project ${p}` });
  await meter.waitFor();
  expect([await meter.getAttribute("aria-valuenow"), await meter.getAttribute("aria-valuemax")]).toEqual(["900000", "1000000"]); // three replicas count
  await page.getByRole("link", { name: "879 KiB of 977 KiB" }).click();
  await page.getByText(`879 KiB of 977 KiB used by project ${p}`).waitFor();
  await page.goto(`${url}/projects/${p}`);
  await page.getByRole("meter", { name: "Storage used" }).waitFor();
  await page.getByRole("link", { name: "See what takes up space" }).click();
  await page.getByText("879 KiB of 977 KiB used by this folder").waitFor();
});

test("what was deleted is shown where it was, with who owned it and when it went, and comes back", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  for (const name of ["gone.log", "kept/below.log", "kept/stays.log"]) await caller.put(`${dir}/${name}`, "x");
  const page = await as(user, `/files${dir}/kept`);
  await row(page, "below.log").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.getByText("moved to the trash").waitFor();
  await page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: "Logs" }).click();
  await row(page, "gone.log").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await row(page, "gone.log").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: "Show deleted items" }).click();
  const deleted = page.getByRole("region", { name: "Deleted from this folder" });
  await deleted.getByText("gone.log").waitFor();
  const lines = await deleted.getByRole("listitem").allInnerTexts();
  expect(lines).toHaveLength(1); // what was deleted below is shown below
  expect(lines[0]).toMatch(new RegExp(`^gone\\.log\\s+1 B\\s+${user}\\s+deleted \\d\\d:\\d\\d\\s+Restore$`));

  const trash = await as(user, `/files/Projects/${p}/.Trash/${user}/Current${dir}`);
  await trash.getByText(`Deleted from ${dir}`).waitFor();
  await expect.poll(() => row(trash, "gone.log").locator(".c-changed").textContent()).toMatch(/^\d\d:\d\d$/);
  expect(await trash.getByRole("columnheader", { name: "Deleted" }).count()).toBe(1);

  await deleted.getByRole("button", { name: "Restore gone.log" }).click();
  await row(page, "gone.log").waitFor();
  await deleted.getByText("Your trash contains nothing from this folder.").waitFor();
  expect(await caller.names(dir)).toEqual(["gone.log", "kept"]);
});

test("the open list of what was deleted shows what is deleted, and no more what is brought back; the space used is that of after an upload", async () => {
  const user = person();
  const p = project(user);
  const dir = `/Projects/${p}/Logs`;
  await new Caller(user).put(`${dir}/a.log`, "x".repeat(2048));
  const page = await as(user, `/files${dir}?deleted=1`, { failures: [404] }); // there is no trash yet
  const deleted = page.getByRole("region", { name: "Deleted from this folder" });
  await deleted.getByText("Your trash contains nothing from this folder.").waitFor();
  await row(page, "a.log").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).dblclick();
  await deleted.getByText("a.log").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "a.log").waitFor();
  await deleted.getByText("Your trash contains nothing from this folder.").waitFor();
  expect(await page.getByText("could not be").count()).toBe(0);

  await page.getByRole("link", { name: "6.00 KiB used in this project" }).waitFor(); // three replicas count
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "Upload", exact: true }).click()]);
  await chooser.setFiles({ name: "b.log", mimeType: "text/plain", buffer: Buffer.alloc(4096, "x") });
  await page.getByRole("dialog").getByRole("button", { name: "Upload" }).click();
  await row(page, "b.log").waitFor();
  await page.getByRole("link", { name: "18.0 KiB used in this project" }).waitFor();
});

test("where an upload goes is said before it starts, can be changed, and need not be asked again", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const folder = mkdtempSync(join(tmpdir(), "granary-offer-"));
  const [a, b, c] = ["a.txt", "b.txt", "c.txt"].map((name) => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  }) as [string, string, string];
  const page = await as(user, `/files/Projects/${p}/Logs`);
  const choose = async (...paths: string[]) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "Upload", exact: true }).click()]);
    await chooser.setFiles(paths);
  };
  await choose(a, b);
  const dialog = page.getByRole("dialog", { name: "Upload 2 files?" });
  await dialog.getByText(`/Projects/${p}/Logs`, { exact: true }).waitFor();
  await dialog.getByText("a.txt, b.txt").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual([]);

  await choose(a, b);
  await dialog.getByRole("button", { name: "Choose another folder" }).click();
  await dialog.getByRole("treeitem", { name: "Models", exact: true }).getByRole("link").click();
  await dialog.getByRole("button", { name: "Upload" }).click();
  await page.getByText("2 files uploaded", { exact: true }).waitFor();
  expect(await caller.names(`/Projects/${p}/Models`)).toEqual(["a.txt", "b.txt"]);

  await choose(a);
  await page.getByRole("dialog").getByLabel("Don’t ask again for this folder").check();
  await page.getByRole("dialog").getByRole("button", { name: "Upload" }).click();
  await row(page, "a.txt").waitFor();
  await page.reload();
  await row(page, "a.txt").waitFor();
  await choose(c);
  await row(page, "c.txt").waitFor();
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual(["a.txt", "c.txt"]);
  rmSync(folder, { recursive: true, force: true });
});
