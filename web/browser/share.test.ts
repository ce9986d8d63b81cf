import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { as, Caller, password, person, project, url, visit } from "./house";

const link = (page: Page, name: string) => page.locator(".grid-row").getByRole("link", { name, exact: true });

test("what is shared is accepted, read, and gone once it is revoked", async () => {
  const [ada, bob] = [person(), person()];
  const [from, to] = [project(ada), project(bob)];
  await new Caller(ada).put(`/Projects/${from}/Models/weights.bin`, "weights");

  const giver = await as(ada, `/files/Projects/${from}/Models`);
  await link(giver, "weights.bin").waitFor();
  await giver.getByRole("button", { name: "Share" }).click();
  await giver.getByLabel("Project name").fill(to);
  await giver.getByRole("dialog").getByRole("button", { name: "Share" }).click();
  await giver.getByText("not accepted yet").waitFor();

  const taker = await as(bob, "/", { failures: [403, 404] });
  const badge = taker.getByRole("link", { name: "Shared with me 1 pending offer" });
  await badge.click();
  await taker.getByRole("button", { name: "Accept" }).click();
  await taker.getByRole("region", { name: "Accepted" }).getByRole("link", { name: "Models" }).click();
  await link(taker, "weights.bin").click();
  const [download] = await Promise.all([taker.waitForEvent("download"), taker.getByRole("link", { name: /^Download/ }).click()]);
  expect(await download.failure()).toBeNull();

  await giver.getByRole("button", { name: "Close" }).click();
  await giver.getByRole("button", { name: "Share" }).click();

  await giver.getByRole("button", { name: "Stop sharing" }).click();
  await giver.getByText("Not shared outside").waitFor();

  await taker.reload();
  await taker.getByRole("alert").waitFor();
  expect(await taker.getByRole("alert").textContent()).toMatch(/Not found|Access denied/);
  await taker.goto(`${url}/shared`);
  await taker.getByRole("heading", { name: "Nothing is shared with you yet" }).waitFor();
});

test("a share that is made while the present ones are still being read is shown", async () => {
  const [ada, bob] = [person(), person()];
  const [from, to] = [project(ada), project(bob)];
  const page = await as(ada, `/files/Projects/${from}/Models`);
  let made = () => {};
  const after = new Promise<void>((resolve) => (made = resolve));
  let early = true;
  await page.route("**/datasets/*/shares", (route) => {
    early = false;
    return route.continue();
  });
  await page.getByRole("button", { name: "Share" }).waitFor();
  await page.route(`**/projects/${from}/shares**`, async (route) => {
    const before = early;
    const response = await route.fetch();
    if (before) await after; // it tells what was before the share
    await route.fulfill({ response });
  });
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByLabel("Project name").fill(to);
  await page.getByRole("dialog").getByRole("button", { name: "Share" }).click();
  await page.getByText(`Share offered to ${to}.`).waitFor();
  made();
  await page.getByText("not accepted yet").waitFor();
});

test("what changes in what is shared is seen where a project shows it", async () => {
  const [ada, bob] = [person(), person()];
  const [from, to] = [project(ada), project(bob)];
  const giver = new Caller(ada);
  await giver.put(`/Projects/${from}/Models/first.bin`, "x");
  await new Caller(bob).accept(await giver.share(from, `/Projects/${from}/Models`, { project: to, level: "read" }));
  const page = await as(bob, `/files/Projects/${to}/Shared/${from}.Models`);
  await link(page, "first.bin").waitFor();
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("dialog").getByText("by another project").waitFor(); // not that it can be made a dataset
  await page.keyboard.press("Escape");
  await page.waitForTimeout(1500); // until it follows what there is to follow
  await giver.put(`/Projects/${from}/Models/second.bin`, "x");
  await link(page, "second.bin").waitFor({ timeout: 60_000 });
}, 120_000);

test("a name that nobody has is refused in words", async () => {
  const ada = person();
  const p = project(ada);
  const page = await as(ada, `/files/Projects/${p}/Models`, { failures: [400, 404] });
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByLabel("A person").check();
  await page.getByLabel("User name").fill("nobody-at-all");
  await page.getByRole("dialog").getByRole("button", { name: "Share" }).click();
  await expect.poll(() => page.getByRole("dialog").getByRole("alert").textContent()).toMatch(/nobody-at-all/);
});

test("the keyboard alone leads from signing in to a dataset that is shared", async () => {
  const [ada, bob] = [person(), person()];
  const [from, to] = [project(ada), project(bob)];
  await new Caller(ada).put(`/Projects/${from}/Models/weights.bin`, "weights");
  const page = await visit("/");
  await page.getByLabel("User").waitFor();
  expect(await page.title()).toBe("Granary");
  await page.keyboard.type(ada);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Projects", exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type(`/Projects/${from}`);
  await page.getByRole("option", { name: `Go to /Projects/${from}` }).waitFor();
  await page.keyboard.press("Enter");
  await link(page, "Models").waitFor();
  for (let i = 0; i < 40 && !(await page.getByRole("grid").evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  await link(page, "weights.bin").waitFor();
  expect(await page.title()).toBe(`Models · ${from} · Granary`); // what a screen reader says, and many tabs show
  await page.keyboard.press("Shift+S");
  await page.getByLabel("Project name").waitFor();
  await page.keyboard.type(to);
  await page.keyboard.press("Enter");
  await page.getByText("not accepted yet").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
