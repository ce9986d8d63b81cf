import { rmSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, Caller, command, password, person, project, url } from "./house";
import { look } from "./pictures";
import { dataFolder, end, freePort, serve } from "./server";

/** Puts what is the same in each run in the place of what is another each time: the secret, the server's address, and times. */
async function still(page: Page): Promise<void> {
  await page.evaluate((here) => {
    const letters = "_Ff8qk2WmC0nXr5ZtV1sYbLdPoQeJhUaG7iT4xMc6wKs";
    for (const secret of document.querySelectorAll("pre.secret")) {
      secret.textContent = (secret.textContent ?? "").startsWith("http") ? `https://granary.example.org/links/grl${letters}` : `gr${letters}`;
    }
    for (const time of document.querySelectorAll("time, [data-time]")) time.textContent = time.getAttribute("data-time") ?? "Nov 27, 09:30";
    for (const time of document.querySelectorAll(".grid-row .c-changed")) time.textContent = "09:30";
    for (const time of document.querySelectorAll(".history-entry time")) time.textContent = "09:30";
    for (const pre of document.querySelectorAll(".lines pre")) pre.textContent = (pre.textContent ?? "").replaceAll(here, "granary.example.org:9870");
  }, new URL(url).host);
}

test("tokens: none, the form, the one that was made, and the list", async () => {
  const [user, p] = ["hedy", "hopping"];
  person(user);
  project(user, p);
  project(user, "torpedoes");
  const caller = new Caller(user);
  await caller.put(`/Projects/${p}/Training_Datasets/bands.csv`, "x");
  const page = await as(user, "/tokens");
  await page.getByRole("heading", { name: "You have no tokens" }).waitFor();
  await look(page, "tokens-empty");

  await page.goto(`${url}/tokens?new=1&project=${p}&dir=${encodeURIComponent(`/Projects/${p}/Training_Datasets`)}&verbs=read`);
  await page.getByRole("treeitem", { name: "Training_Datasets" }).waitFor();
  await page.getByLabel("Name", { exact: true }).fill("notebook on the big machine");
  await look(page, "tokens-new");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByText("it will not be shown again").waitFor();
  await page.locator(".expiry").evaluate((e) => e.setAttribute("data-time", "Sunday, December 27, 2026 at 9:30:00 AM"));
  await still(page);
  await look(page, "tokens-made");
  await page.getByRole("button", { name: "Done, I have copied it" }).click();

  for (const [name, scope, verbs] of [["nightly copy", p, ["Write", "Add"]], ["everything, for a week", "", ["Add", "Write", "Manage"]], ["runs of the sonar", "torpedoes", ["Add"]]] as const) {
    // Those of one second are in no order of time.
    const second = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second);
    await page.getByRole("button", { name: "New token" }).click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Access to").selectOption(scope);
    for (const verb of verbs) await page.getByRole("dialog").getByLabel(verb).check();
    await page.getByRole("button", { name: "Create token" }).click();
    await page.getByRole("button", { name: "Done, I have copied it" }).click();
  }
  await page.getByText("everything, for a week").waitFor();
  await still(page);
  await look(page, "tokens");
  await page.getByRole("button", { name: "Revoke nightly copy" }).click();
  await page.getByRole("dialog").waitFor();
  await look(page, "tokens-revoke");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.setViewportSize({ width: 390, height: 780 });
  await still(page);
  await look(page, "phone-tokens");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${url}/files/Projects/${p}/Training_Datasets/bands.csv?open=lines`);
  await page.getByRole("region", { name: "Code to copy" }).waitFor();
  await page.getByRole("tab", { name: "hdfs" }).click();
  await still(page);
  await look(page, "lines");
});

test("download links: none, the form, the one that was made, and the list", async () => {
  const [user, p] = ["joan", "codes"];
  person(user);
  project(user, p);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Training_Datasets`;
  for (const name of ["digrams.csv", "trigrams.csv", "weights.bin"]) await caller.put(`${dir}/${name}`, "x");
  const page = await as(user, "/tokens?tab=links");
  await page.getByRole("heading", { name: "You have no download links" }).waitFor();
  await look(page, "links-empty");
  for (const [name, note] of [["weights.bin", ""], ["trigrams.csv", "for the reviewers"], ["digrams.csv", "for Hut 8"]] as const) {
    // Those of one second are in no order of time.
    const second = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second);
    await page.goto(`${url}/files${dir}/${name}?open=link`);
    await page.getByLabel("Note (optional)").fill(note);
    if (name === "digrams.csv") {
      await page.getByLabel("Password (optional)").fill("enigma-at-dawn");
      await look(page, "links-new");
    }
    await page.getByRole("button", { name: "Create link" }).click();
    const address = (await page.getByLabel("Link", { exact: true }).textContent()) ?? "";
    if (name === "trigrams.csv") expect((await fetch(address)).status).toBe(200);
    if (name === "digrams.csv") {
      await page.locator(".expiry").evaluate((e) => e.setAttribute("data-time", "Sunday, December 27, 2026 at 9:30:00 AM"));
      await still(page);
      await page.getByLabel("Password", { exact: true }).evaluate((e) => (e.textContent = "enigma-at-dawn"));
      await look(page, "links-made");
    }
    await page.getByRole("button", { name: "Done, I have copied it" }).click();
  }
  await page.goto(`${url}/tokens?tab=links`);
  const used = page.getByText("1 time", { exact: true });
  await used.waitFor();
  await used.evaluate((e) => e.setAttribute("data-time", "1 time"));
  await still(page);
  await look(page, "links");
  await page.setViewportSize({ width: 390, height: 780 });
  await look(page, "phone-links");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("the history of a folder, and the activity of a project", async () => {
  const [user, other, p] = ["katherine", "dorothy", "orbits"];
  person(user);
  person(other);
  project(user, p);
  command(["project", "member", "add", p, other, "--role", "scientist"]);
  const dir = `/Projects/${p}/Resources`;
  const [caller, his] = [new Caller(user), new Caller(other)];
  await caller.put(`${dir}/go-no-go.csv`, "x".repeat(48_211));
  await caller.change("modify-acl-entries", { path: dir, aclspec: `user:${other}:rwx` });
  await caller.put(`${dir}/launch windows/1962.csv`, "x".repeat(1_900));
  await his.change("rename", { path: `${dir}/go-no-go.csv`, destination: `${dir}/decisions.csv` });
  await caller.change("set-permission", { path: `${dir}/decisions.csv`, permission: "640" });
  const page = await as(user, "/");
  await caller.change("mkdirs", { path: `/Projects/${p}/.Trash/${user}/Current${dir}/launch windows` });
  await caller.change("rename", { path: `${dir}/launch windows/1962.csv`, destination: `/Projects/${p}/.Trash/${user}/Current${dir}/launch windows/1962.csv` });
  await expect(his.change("delete", { path: `/Projects/${p}/Models` })).rejects.toThrow();
  await page.goto(`${url}/files${dir}?open=history`);
  await page.getByText("renamed go-no-go.csv to decisions.csv").waitFor();
  await still(page);
  await look(page, "history");
  await page.goto(`${url}/projects/${p}?tab=activity`);
  await page.getByText(/renamed .*go-no-go.csv to decisions.csv/).waitFor();
  await still(page);
  await look(page, "activity");
  await page.setViewportSize({ width: 390, height: 780 });
  await look(page, "phone-activity");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 800 });
  const hers = await as(other, `/files${dir}?open=history`);
  await hers.getByText("This shows only what you did.").waitFor();
  await hers.getByText("renamed go-no-go.csv to decisions.csv").waitFor();
  await still(hers);
  await look(hers, "history-own");
});

test("what superusers look after", async () => {
  const server = dataFolder(); // of its own: others make users, too
  const listen = `127.0.0.1:${await freePort()}`;
  const running = await serve(server, listen);
  try {
    const origin = `http://${listen}`;
    const on = (args: readonly string[]) => command(args, password, server);
    for (const [name, ...flags] of [["ada", "--groups", "staff,gpu"], ["grace", "--admin"], ["hedy"], ["mary"]] as const) on(["user", "add", name, ...flags, "--password-stdin"]);
    on(["user", "disable", "mary"]);
    for (const [name, owner] of [["speech", "ada"], ["vision", "ada"], ["torpedoes", "hedy"]] as const) on(["project", "create", name, "--owner", owner]);
    const page = await as("grace", "/admin", { origin });
    await page.getByRole("list", { name: "Users" }).getByText("mary").waitFor();
    await still(page);
    await look(page, "admin-users");
    await page.goto(`${origin}/admin?open=new`);
    await page.getByLabel("Name", { exact: true }).fill("katherine");
    await page.getByLabel("Initial password").fill("n7k3q-2mw9c-xr5zt-v8syb");
    await still(page);
    await look(page, "admin-add");
    const changed = await page.request.patch(`${origin}/api/v1/projects/vision`, { data: { bytesLimit: 500 * 2 ** 30 }, headers: { "X-XSRF-HEADER": "test" } });
    expect(changed.status()).toBe(200);
    await page.goto(`${origin}/admin?tab=projects`);
    await page.getByText("of 500 GiB").waitFor();
    await look(page, "admin-projects");
    await page.setViewportSize({ width: 390, height: 780 });
    await look(page, "phone-admin");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 800 });
    const put = await page.request.put(`${origin}/api/v1/fs/create?path=/tmp/waves.wav`, { data: Buffer.alloc(3 << 20), headers: { "X-XSRF-HEADER": "test", "Content-Type": "application/octet-stream" } });
    expect(put.ok()).toBe(true);
    await page.goto(`${origin}/admin?tab=stores`);
    await page.getByText("this server").waitFor();
    await still(page);
    await page.evaluate(() => {
      // Commands that ran are other servers for a while, and then gone.
      document.querySelectorAll("li:has(.server-id)").forEach((row, i) => i > 0 && row.remove());
      for (const gone of document.querySelectorAll(".servers-gone")) gone.remove();
      for (const id of document.querySelectorAll(".server-id")) id.textContent = "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11";
      document.querySelectorAll("[data-room] [data-size]").forEach((at, i) => (at.textContent = i === 0 ? "1.20 TiB" : "2.00 TiB"));
      for (const bar of document.querySelectorAll<HTMLElement>("[data-room] i")) bar.style.width = "40%";
    });
    await look(page, "admin-stores");
  } finally {
    await end(running);
    rmSync(server, { recursive: true, force: true });
  }
});
