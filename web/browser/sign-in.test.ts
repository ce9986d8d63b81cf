import { expect, test } from "vitest";
import { as, Caller, launch, password, person, project, url, visit } from "./house";

test("a wrong password is told in words, the right one leads to where one wanted to go", async () => {
  const user = person();
  const p = project(user);
  const page = await visit(`/files/Projects/${p}/Logs?sort=size`);
  await page.getByLabel("User").fill(user);
  await page.getByLabel("Password").fill("a wrong one");
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByRole("alert").textContent()).toMatch(/password/i);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/files/Projects/${p}/Logs`);

  await page.getByRole("button", { name: `Account of ${user}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("Password").waitFor();
});

test("who comes back to the form finds what was typed, and signs in although it is still being asked who is there", async () => {
  const user = person();
  const page = await visit("/");
  await page.getByLabel("User").fill(user);
  const back = () => page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await Promise.all([page.waitForResponse("**/api/v1/users/me"), back()]);
  await page.waitForTimeout(200);
  expect(await page.getByLabel("User").inputValue()).toBe(user);

  let asked = () => {};
  const asking = new Promise<void>((resolve) => (asked = resolve));
  let told = () => {};
  const late = new Promise<void>((resolve) => (told = resolve));
  await page.route("**/api/v1/users/me", async (route) => {
    const response = await route.fetch();
    asked();
    if (response.status() === 401) await late;
    await route.fulfill({ response });
  });
  await back();
  await asking;
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "You have no projects yet" }).waitFor();
  told();
  await page.waitForTimeout(200);
  await page.getByRole("button", { name: `Account of ${user}` }).waitFor();
});

test("who signs in again goes on where the session ended", async () => {
  const user = person();
  const p = project(user);
  const page = await as(user, `/files/Projects/${p}`);
  await page.getByRole("link", { name: "Models" }).first().waitFor();
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("kept");
  await new Caller(user).endSessions();
  await page.keyboard.press("Enter"); // unless the dialog is there already: something else may have asked before
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await again.getByLabel("Password").fill(password);
  await again.getByRole("button", { name: "Sign in" }).click();
  await again.waitFor({ state: "detached" });
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("kept");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: "kept" }).waitFor();
});

test("a page of somebody who is not signed in any more is loaded anew, and what waits to be uploaded is not sent as another", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  await new Caller(ada).setMember(p, bob, "scientist");
  const page = await as(ada, `/files/Projects/${p}/Logs`, { failures: [503] });
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  let open = (): void => undefined;
  const gate = new Promise<void>((done) => {
    open = done;
  });
  const sent: string[] = [];
  await page.route("**/api/v1/fs/create?*", async (route) => {
    sent.push(new URL(route.request().url()).searchParams.get("path") ?? "");
    await gate;
    await route.fulfill({ status: 503 });
  });
  const files = Array.from({ length: 5 }, (_, i) => ({ name: `f${i}.bin`, mimeType: "application/octet-stream", buffer: Buffer.alloc(300_000) }));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Upload files", exact: true }).first().click()]);
  await chooser.setFiles(files);
  await page.getByRole("dialog").getByRole("button", { name: "Upload" }).click();
  await expect.poll(() => sent.length).toBe(3);

  const other = await page.context().newPage();
  await other.goto(`${url}/`);
  await other.getByRole("button", { name: `Account of ${ada}` }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await other.getByLabel("User").fill(bob);
  await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
  open();
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: `Account of ${bob}` }).waitFor();
  expect(sent).toHaveLength(3);
  expect(await new Caller(ada).names(`/Projects/${p}/Logs`)).toEqual([]);
});

test("without a word from another tab, a page asks when somebody comes back to it", async () => {
  const [ada, bob] = [person(), person()];
  const page = await as(ada);
  await page.getByRole("button", { name: `Account of ${ada}` }).waitFor();
  const answer = await page.request.post(`${url}/api/v1/sessions`, { data: { user: bob, password }, headers: { "X-XSRF-HEADER": "test" } });
  expect(answer.status()).toBe(201);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.getByRole("button", { name: `Account of ${bob}` }).waitFor();
});

test("a page that nobody is signed in on goes on when somebody comes back to it who has signed in in another tab", async () => {
  const user = person();
  const page = await visit("/");
  await page.getByLabel("User").waitFor();
  const answer = await page.request.post(`${url}/api/v1/sessions`, { data: { user, password }, headers: { "X-XSRF-HEADER": "test" } });
  expect(answer.status()).toBe(201);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.getByRole("button", { name: `Account of ${user}` }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0); // no session has ended
});

test("\"back\" shows nothing of who has signed out, though the browser has kept the page", async () => {
  const user = person();
  const p = project(user);
  const browser = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] }); // tests are run without that otherwise
  try {
    const page = await (await browser.newContext()).newPage();
    await page.request.post(`${url}/api/v1/sessions`, { data: { user, password }, headers: { "X-XSRF-HEADER": "test" } });
    await page.goto(`${url}/files/Projects/${p}`);
    await page.getByRole("link", { name: "Models" }).waitFor();
    await page.evaluate(() => window.addEventListener("pageshow", ({ persisted }) => persisted && sessionStorage.setItem("kept", "yes")));
    await page.getByRole("button", { name: `Account of ${user}` }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Password").waitFor();
    await page.evaluate(() => history.back());
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/files/Projects/${p}`);
    await page.getByRole("heading", { level: 1, name: "Granary" }).waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem("kept"))).toBe("yes"); // else this would test nothing
    expect(await page.getByRole("link", { name: "Models" }).count()).toBe(0);
    expect(await page.getByRole("dialog").count()).toBe(0);
  } finally {
    await browser.close();
  }
});
