import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { partSize } from "../src/upload/send";
import { choose, empty, file, folder, sum } from "./choosing";
import { as, Caller, password, person, project, url } from "./house";
import { Proxy } from "./proxy";

test("uploads wait for a connection that is lost, and go on by themselves", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const all = Array.from({ length: 8 }, (_, i) => file(`offline/f${i}.bin`, 2_000_000));
  const page = await as(user, `/files/Projects/${p}/Logs`, { offline: true });
  await empty(page);
  await page.context().setOffline(true);
  await choose(page, "Upload files", all.map((f) => f.path));
  await page.getByText("0 of 8 files uploaded").waitFor();
  await page.context().setOffline(false);
  await page.getByText("8 files uploaded", { exact: true }).waitFor();
  for (const f of all) expect(sum(await caller.get(`/Projects/${p}/Logs/${f.path.slice(folder.length + 9)}`))).toBe(sum(f.content));
});

test("a long upload goes on from where it was when the server could not say at once how far it is", async () => {
  const user = person();
  const p = project(user);
  const { path, content } = file("long.bin", 3 * partSize);
  const page = await as(user, `/files/Projects/${p}/Logs`, { failures: [429, 503] });
  await empty(page);
  let [begun, parts] = [0, 0];
  let stop = true;
  await page.route("**/api/v1/uploads?*", (route) => {
    begun++;
    return route.continue();
  });
  const refusals = [503, 429];
  await page.route("**/api/v1/uploads/*", async (route) => {
    const method = route.request().method();
    if (method === "PATCH" && ++parts > 1 && stop) return; // the second part does not get through
    const status = method === "HEAD" ? refusals.shift() : undefined;
    await (status === undefined ? route.continue() : route.fulfill({ status }));
  });
  await choose(page, "Upload files", path);
  await expect.poll(() => parts).toBe(2);
  await page.getByRole("button", { name: "Pause long.bin" }).click();
  await page.getByText("Paused").waitFor();
  stop = false;
  await page.getByRole("button", { name: "Resume long.bin" }).click();
  await page.getByText("1 file uploaded", { exact: true }).waitFor();
  expect([refusals, begun]).toEqual([[], 1]);
  expect(sum(await new Caller(user).get(`/Projects/${p}/Logs/long.bin`))).toBe(sum(content));
});

test("a part that was taken for lost and arrives after all does not end its upload", async () => {
  const user = person();
  const p = project(user);
  const { path, content } = file("late.bin", 2 * partSize + 5);
  const page = await as(user, `/files/Projects/${p}/Logs`, { offline: true, failures: [409] });
  await empty(page);
  const statuses: number[] = [];
  let parts = 0;
  await page.route("**/api/v1/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    parts++;
    if (parts === 1) return route.abort("connectionreset");
    if (parts === 2) {
      // The page has asked how far the upload is. Now the first part arrives.
      const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", "X-XSRF-HEADER": "test" };
      statuses.push((await page.request.fetch(route.request().url(), { method: "PATCH", headers, data: content.subarray(0, partSize) })).status());
    }
    return route.continue();
  });
  page.on("response", (r) => r.request().method() === "PATCH" && statuses.push(r.status()));
  await choose(page, "Upload files", path);
  await page.getByText("1 file uploaded", { exact: true }).waitFor();
  expect(statuses).toEqual([204, 409, 204, 204]);
  expect(sum(await new Caller(user).get(`/Projects/${p}/Logs/late.bin`))).toBe(sum(content));
});

test("who signs out while something is under way is asked, and then asked no more", async () => {
  const user = person();
  const p = project(user);
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await empty(page);
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.route("**/api/v1/fs/create?*", () => new Promise(() => undefined)); // it takes for ever
  await choose(page, "Upload files", file("held.bin", 300_000).path);
  await page.getByText("0 of 1 file uploaded").waitFor();
  const leave = async (how: string) => {
    await page.getByRole("button", { name: `Account of ${user}` }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    const sure = page.getByRole("dialog", { name: "Sign out now?" });
    await sure.getByText("Signing out will cancel 1 upload in progress.").waitFor();
    await sure.getByRole("button", { name: how, exact: true }).click();
    await sure.waitFor({ state: "detached" });
  };
  await leave("Cancel");
  await page.getByText("0 of 1 file uploaded").waitFor();
  await leave("Sign out");
  await page.getByLabel("Password").waitFor();
  expect(asked).toEqual([]);
});

test("an upload is said to be interrupted when no tab goes on with it, and to nobody but its user", async () => {
  const [user, other] = [person(), person()];
  const p = project(user);
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await empty(page);
  await page.route("**/api/v1/fs/create?*", () => new Promise(() => undefined)); // it takes for ever
  await choose(page, "Upload files", [file("two/a.bin", 300_000).path, file("two/b.bin", 300_000).path]);
  await page.getByText("0 of 2 files uploaded").waitFor();
  const second = await page.context().newPage();
  const interrupted = second.getByRole("heading", { name: "An upload was interrupted" });
  await second.goto(`${url}/`);
  await second.getByRole("button", { name: `Account of ${user}` }).waitFor();
  await second.waitForTimeout(1500); // it would have come
  expect(await interrupted.count()).toBe(0);
  await page.close();
  await interrupted.waitFor();

  const signIn = async (name: string, before: string) => {
    await second.getByRole("button", { name: `Account of ${before}` }).click();
    await second.getByRole("menuitem", { name: "Sign out" }).click();
    await second.getByLabel("User").fill(name);
    await second.getByLabel("Password").fill(password);
    await second.getByRole("button", { name: "Sign in" }).click();
    await second.getByRole("button", { name: `Account of ${name}` }).waitFor();
  };
  await signIn(other, user);
  await second.waitForTimeout(1500);
  expect(await interrupted.count()).toBe(0);
  await signIn(user, other);
  await second.getByText("0 of 2 files were uploaded to").waitFor();
  await second.getByRole("button", { name: "Dismiss" }).click();
  await interrupted.waitFor({ state: "detached" });
  await second.reload();
  await second.getByRole("button", { name: `Account of ${user}` }).waitFor();
  await second.waitForTimeout(1500);
  expect(await interrupted.count()).toBe(0);
});

test("what an upload before has sent does not count as a part of one that was interrupted", async () => {
  const user = person();
  const p = project(user);
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await empty(page);
  await choose(page, "Upload files", ["x", "y", "z"].map((name) => file(`before/${name}.bin`, 1000).path));
  await page.getByText("3 files uploaded", { exact: true }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "x.bin" }).waitFor();
  let asked = 0;
  await page.route("**/api/v1/fs/create?*", (route) => (++asked > 1 ? new Promise<void>(() => undefined) : route.continue())); // the second takes for ever
  await choose(page, "Upload", [file("after/a.bin", 300_000).path, file("after/b.bin", 300_000).path]);
  await page.getByText("1 of 2 files uploaded").waitFor();
  const second = await page.context().newPage();
  await second.goto(`${url}/`);
  await page.close();
  await second.getByText("1 of 2 files were uploaded to").waitFor();
});

test("who waits for a tab to be done with its upload waits for one that has begun meanwhile, too", async () => {
  const user = person();
  const p = project(user);
  const uploads = async (page: Page, ...names: string[]) => {
    await page.route("**/api/v1/fs/create?*", () => new Promise(() => undefined)); // it takes for ever
    await choose(page, "Upload files", names.map((name) => file(name, 300_000).path));
    await page.getByText("0 of 2 files uploaded").waitFor();
  };
  const first = await as(user, `/files/Projects/${p}/Logs`);
  await empty(first);
  await uploads(first, "first/a.bin", "first/b.bin");
  const waits = await first.context().newPage();
  await waits.goto(`${url}/`);
  await waits.getByRole("button", { name: `Account of ${user}` }).waitFor();
  await waits.waitForTimeout(1500); // until it waits
  const second = await first.context().newPage();
  await second.goto(`${url}/files/Projects/${p}/Logs`);
  await empty(second);
  await uploads(second, "second/c.bin", "second/d.bin");
  await first.close();
  const interrupted = waits.getByRole("heading", { name: "An upload was interrupted" });
  await waits.waitForTimeout(1500); // it would have come
  expect(await interrupted.count()).toBe(0);
  await second.close();
  await interrupted.waitFor();
});

test("who puts away the word of an interrupted upload does not make the browser forget what another tab is uploading", async () => {
  const user = person();
  const p = project(user);
  const upload = async (page: Page, ...names: string[]) => {
    await page.route("**/api/v1/fs/create?*", () => new Promise(() => undefined)); // it takes for ever
    await choose(page, "Upload", names.map((name) => file(name, 300_000).path));
    await page.getByText(`0 of ${names.length} files uploaded`).waitFor();
  };
  const first = await as(user, `/files/Projects/${p}/Logs`);
  const context = first.context();
  const open = async (path: string) => {
    const page = await context.newPage();
    await page.goto(`${url}${path}`);
    return page;
  };
  await upload(first, "left/a.bin", "left/b.bin");
  const told = await open("/");
  await first.close();
  await told.getByText("0 of 2 files were uploaded to").waitFor();
  const second = await open(`/files/Projects/${p}/Logs`);
  await upload(second, "now/c.bin", "now/d.bin", "now/e.bin");
  await told.getByRole("button", { name: "Dismiss" }).click();
  await told.getByRole("heading", { name: "An upload was interrupted" }).waitFor({ state: "detached" });
  await second.close();
  const third = await open("/");
  await third.getByText("0 of 3 files were uploaded to").waitFor();
});

const atOnce = 3; // src/upload/queue.ts

test("a folder of 2,000 files, two cuts and a reload: all arrives, and nothing is sent twice but what was under way", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  const all = Array.from({ length: 1996 }, (_, i) => file(`big/${i % 40}/f${i}.bin`, 2000 + (i % 50) * 100));
  for (let i = 0; i < 4; i++) all.push(file(`big/long${i}.bin`, 40_000_000));
  const content = all.reduce((n, f) => n + f.content.length, 0);
  const proxy = await Proxy.open(url);
  const page = await as(user, "/", { offline: true, origin: proxy.url, failures: [409, 412] }); // 409: a part that had all come before a cut may be taken after it
  await page.goto(`${proxy.url}/files${dir}`);
  await empty(page);
  const before = proxy.sent;
  const progress = page.getByRole("progressbar", { name: "All uploads" });
  const reached = (part: number) => expect.poll(() => progress.evaluate((e) => (e as HTMLProgressElement).value / (e as HTMLProgressElement).max), { timeout: 60_000, interval: 20 }).toBeGreaterThan(part);
  await choose(page, "Upload a folder", join(folder, "big"));
  await reached(0.2);
  await proxy.cut(500);
  await reached(0.4);
  await proxy.cut(500);
  await reached(0.6);
  page.on("dialog", (d) => void d.accept()); // it asks whether to leave
  await page.reload();
  await page.getByRole("heading", { name: "An upload was interrupted" }).waitFor();
  await choose(page, "Choose folder", join(folder, "big"), true);
  await expect.poll(() => page.getByRole("region", { name: "Uploads" }).innerText(), { timeout: 100_000 }).toMatch(/^2,000 files uploaded/);
  const interruptions = 3;
  const overhead = all.length * 2048 + 4_000_000; // headers of archives and requests, the page itself
  expect(proxy.sent - before).toBeLessThanOrEqual(content + overhead + interruptions * atOnce * partSize);
  for (const f of all) expect(sum(await caller.get(`${dir}/${f.path.slice(folder.length + 1)}`))).toBe(sum(f.content));
  proxy.close();
}, 240_000);
