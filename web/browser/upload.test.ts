import { join } from "node:path";
import { expect, test } from "vitest";
import { choose, empty, file, folder, sum } from "./choosing";
import { as, Caller, person, project, url } from "./house";

test("files arrive as they were", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const all = [file("nothing.bin", 0), file("small.bin", 1000), file("medium.bin", 300_000), file("large.bin", 9_000_000)];
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await empty(page);
  await choose(page, "Upload files", all.map((f) => f.path));
  await page.getByText("4 files uploaded", { exact: true }).waitFor();
  await page.getByRole("link", { name: "large.bin" }).waitFor();
  for (const f of all) expect(sum(await caller.get(`/Projects/${p}/Logs/${f.path.slice(folder.length + 1)}`))).toBe(sum(f.content));
});

test("a folder arrives with all that is in it", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const all = Array.from({ length: 60 }, (_, i) => file(`run/${i % 7}/deep ${i % 3}/f${i}.bin`, 10 * i));
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await empty(page);
  await choose(page, "Upload a folder", join(folder, "run"));
  await page.getByText("60 files uploaded", { exact: true }).waitFor();
  for (const f of all) expect(sum(await caller.get(`/Projects/${p}/Logs/${f.path.slice(folder.length + 1)}`))).toBe(sum(f.content));
});

test("a folder is seen as soon as something of it is there, where no feed tells of it, too", async () => {
  const user = person();
  await new Caller(user).put(`/user/${user}/before.txt`, "x");
  file("seen/deep/f.bin", 10);
  const page = await as(user, `/files/user/${user}`);
  await page.getByRole("link", { name: "before.txt" }).waitFor();
  // Who does not see a page has it not look again by itself.
  await page.evaluate(() => Object.defineProperty(document, "visibilityState", { get: () => "hidden" }));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "More actions" }).click().then(() => page.getByRole("menuitem", { name: "Upload a folder" }).click())]);
  await chooser.setFiles(join(folder, "seen"));
  await page.getByRole("dialog").getByRole("button", { name: "Upload" }).click();
  await page.getByRole("grid").getByRole("link", { name: "seen" }).waitFor();
});

test("a file that is dropped where nothing takes it is not opened in the place of the page", async () => {
  const user = person();
  const page = await as(user, `/files/Projects/${project(user)}/Logs`);
  await empty(page);
  const drop = (where: string) =>
    page.locator(where).evaluate((element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "x.html"));
      return ["dragover", "drop"].map((type) => {
        const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
        element.dispatchEvent(event);
        return event.defaultPrevented;
      });
    });
  for (const where of ["header.bar", "nav.side", "#main"]) expect(await drop(where), where).toEqual([true, true]);
});

test("a name that is taken is asked about: both are kept, one is replaced, or nothing happens", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  const all = ["a.txt", "b.txt", "c.txt"].map((name) => file(`taken/${name}`, 20));
  for (const name of ["a.txt", "b.txt", "c.txt"]) await caller.put(`${dir}/${name}`, "before");
  const page = await as(user, `/files${dir}`, { failures: [412] });
  await page.getByRole("link", { name: "a.txt" }).waitFor();
  await choose(page, "Upload", all.map((f) => f.path));
  const hows = new Map([
    ["a.txt", "Keep both"],
    ["b.txt", "Replace"],
    ["c.txt", "Skip"],
  ]);
  while (hows.size > 0) {
    // Which is asked about first depends on whose contents are compared first.
    const asked = page.getByRole("alertdialog");
    const name = (await asked.filter({ hasText: new RegExp([...hows.keys()].join("|")) }).locator("strong").textContent()) ?? "";
    await asked.getByText("Replaced files are deleted for good.").waitFor();
    await asked.getByLabel("Do this for all conflicts").uncheck();
    await asked.getByRole("button", { name: hows.get(name) ?? "" }).click();
    hows.delete(name);
  }
  await page.getByText("2 files uploaded, 1 skipped", { exact: true }).waitFor();
  expect(await caller.names(dir)).toEqual(["a (2).txt", "a.txt", "b.txt", "c.txt"]);
  expect((await caller.get(`${dir}/a.txt`)).toString()).toBe("before");
  expect(sum(await caller.get(`${dir}/a (2).txt`))).toBe(sum(all[0]?.content ?? Buffer.of()));
  expect(sum(await caller.get(`${dir}/b.txt`))).toBe(sum(all[1]?.content ?? Buffer.of()));
  expect((await caller.get(`${dir}/c.txt`)).toString()).toBe("before");
});

test("a page that has no panel of uploads, since that could not be loaded, says that they do not work", async () => {
  const user = person();
  const p = project(user);
  const page = await as(user, "/", { offline: true });
  await page.route("**/assets/Activity.js", (route) => route.abort());
  await page.goto(`${url}/files/Projects/${p}/Logs`);
  await page.getByRole("alert").getByText("Uploads do not work on this page.").waitFor();
  await page.unroute("**/assets/Activity.js");
  await page.getByRole("button", { name: "Reload" }).click();
  await empty(page);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("what the server refuses says why and leaves the others alone", async () => {
  const owner = person();
  const p = project(owner);
  const caller = new Caller(owner);
  const dir = `/Projects/${p}/Logs`;
  await caller.put(`${dir}/f.bin/inside`, "x"); // a directory of that name
  const page = await as(owner, `/files${dir}`, { failures: [403, 409, 412] });
  await page.getByRole("link", { name: "f.bin" }).waitFor();
  await choose(page, "Upload", [file("refused/f.bin", 10).path, file("refused/g.bin", 10).path]);
  const asked = page.getByRole("alertdialog");
  const failed = page.getByText("1 file could not be uploaded");
  await asked.or(failed).first().waitFor();
  if (await asked.isVisible()) await asked.getByRole("button", { name: "Replace" }).click();
  await failed.waitFor();
  await expect.poll(() => caller.names(dir)).toEqual(["f.bin", "g.bin"]);
  expect(await page.getByRole("listitem").filter({ hasText: "f.bin" }).locator(".fault").textContent()).toMatch(/directory/);
});

test("a full quota is told in the words of the server, and more room lets an upload go on", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const admin = new Caller("admin");
  const dir = `/Projects/${p}/Logs`;
  const large = file("quota/large.bin", 9_000_000);
  await admin.setQuota(dir, 20_000_000);
  const page = await as(user, `/files${dir}`, { failures: [507] });
  await empty(page);
  await choose(page, "Upload files", large.path);
  await page.getByText("1 file could not be uploaded").waitFor();
  expect(await page.getByRole("listitem").filter({ hasText: "large.bin" }).locator(".fault").textContent()).toMatch(/quota of .*Logs is exceeded/);
  await admin.setQuota(dir, 3 * 128 * 1024 * 1024); // a block counts in full while it is written, in three replicas
  await page.getByRole("button", { name: "Retry large.bin" }).click();
  await page.getByText("1 file uploaded", { exact: true }).waitFor();
  expect(sum(await caller.get(`${dir}/large.bin`))).toBe(sum(large.content));
});
