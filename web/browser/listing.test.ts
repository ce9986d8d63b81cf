import { expect, test } from "vitest";
import { archive } from "../src/upload/archive";
import { grid, names, row } from "./entries";
import { as, Caller, live, person, project, url } from "./house";

test("the keyboard moves, opens, renames, deletes and goes back", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  for (const name of ["alpha.txt", "beta.csv", "gamma.json"]) await caller.put(`/Projects/${p}/Logs/${name}`, name);
  const page = await as(user, `/files/Projects/${p}`);
  await row(page, "Logs").waitFor();
  await grid(page).focus();
  await page.keyboard.press("l");
  await page.keyboard.press("Enter");
  await row(page, "beta.csv").waitFor();
  await grid(page).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("F2");
  await page.keyboard.type("given up");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("grid");
  await page.keyboard.press("F2");
  await page.keyboard.type("delta");
  await page.keyboard.press("Enter");
  await row(page, "delta.json").waitFor();
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual(["alpha.txt", "beta.csv", "delta.json"]);
  await expect.poll(() => row(page, "delta.json").getAttribute("aria-selected")).toBe("true"); // it is the same entry

  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowDown");
  expect(await page.locator(".status").textContent()).toContain("2 items selected");
  await page.keyboard.press("Delete");
  await page.getByText("2 items moved to the trash.").waitFor();
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual(["delta.json"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("2 items restored.").waitFor(); // what has come back may be shown before the other one has
  await row(page, "alpha.txt").waitFor();
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual(["alpha.txt", "beta.csv", "delta.json"]);

  await row(page, "beta.csv").getByRole("checkbox").check(); // what was clicked has the focus
  await page.keyboard.press("Delete");
  await page.getByText("“beta.csv” moved to the trash.").waitFor();
  expect(await caller.names(`/Projects/${p}/Logs`)).toEqual(["alpha.txt", "delta.json"]);

  await grid(page).focus();
  await page.keyboard.press("Backspace");
  await row(page, "Training_Datasets").waitFor();

  await grid(page).focus();
  await page.keyboard.press("Shift+N");
  await page.getByLabel("Name", { exact: true }).fill("made");
  await page.keyboard.press("Enter");
  await expect.poll(() => row(page, "made").getAttribute("aria-selected")).toBe("true");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("grid"); // one goes on where one was
});

test("a dialog gives the focus back to the button of the menu that opened it, the second time, too", async () => {
  const user = person();
  const path = `/Projects/${project(user)}/Logs/run.log`;
  await new Caller(user).put(path, "content");
  const page = await as(user, `/files${path}`);
  const more = page.getByRole("button", { name: "More actions" });
  for (let i = 0; i < 2; i++) {
    await more.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Description and tags" }).press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => more.evaluate((button) => button === document.activeElement)).toBe(true);
  }
});

test("an answer that comes after somebody has left a dialog leads no further back", async () => {
  const user = person();
  const p = project(user);
  const page = await as(user, `/files/Projects/${p}`);
  await row(page, "Logs").waitFor();
  await page.getByRole("grid").getByRole("link", { name: "Logs" }).click();
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  let answer = (): void => undefined;
  await page.route("**/api/v1/fs/mkdirs?*", async (route) => {
    await new Promise<void>((done) => {
      answer = done;
    });
    await route.continue();
  });
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("late");
  const [asked] = await Promise.all([page.waitForRequest("**/api/v1/fs/mkdirs?*"), page.getByRole("button", { name: "Create" }).click()]);
  await page.goBack();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  answer();
  await asked.response();
  await row(page, "late").waitFor();
  expect(new URL(page.url()).pathname).toBe(`/files/Projects/${p}/Logs`);
});

test("a file that somebody else has deleted is not shown as if it were there", async () => {
  const user = person();
  const path = `/Projects/${project(user)}/Logs/run.log`;
  const caller = new Caller(user);
  await caller.put(path, "content");
  const page = await as(user, `/files${path}`, { failures: [404] });
  await page.getByLabel("File contents").getByText("content").waitFor();
  await caller.change("rename", { path, destination: `${path}.old` });
  await expect
    .poll(async () => {
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))); // somebody comes back to the page
      return page.getByRole("button", { name: "Move to trash" }).count();
    })
    .toBe(0);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
});

test("projects that could not be read do not look like none", async () => {
  const user = person();
  const p = project(user);
  const page = await as(user, "/shared");
  await page.getByRole("treeitem", { name: p }).waitFor();
  const refusal = { status: 400, contentType: "application/problem+json", body: JSON.stringify({ detail: "Not today." }) };
  const again = await page.context().newPage();
  await again.route("**/api/v1/projects?*", (route) => route.fulfill(refusal));
  await again.goto(`${url}/tokens`);
  await again.getByRole("navigation", { name: "Navigation" }).getByText("Not today.").waitFor();
  await again.unroute("**/api/v1/projects?*");
  await again.getByRole("navigation", { name: "Navigation" }).getByRole("button", { name: "Try again" }).click();
  await again.getByRole("treeitem", { name: p }).waitFor();
});

test("the palette knows what can be done on the page, and with what is selected", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  await caller.put(`/Projects/${p}/Logs/run.log`, "x");
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await row(page, "run.log").waitFor();
  const choose = async (text: string, label: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(text);
    await page.getByRole("option", { name: label, selected: true }).waitFor();
    await page.keyboard.press("Enter");
  };
  await choose("new fol", "New folder");
  await page.getByLabel("Name", { exact: true }).fill("later");
  await page.keyboard.press("Enter");
  await row(page, "later").waitFor();

  await grid(page).focus();
  await page.keyboard.press("Escape"); // what was made is selected
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("selected");
  await page.getByText("No results.").waitFor(); // nothing is
  await page.keyboard.press("Escape");
  await row(page, "run.log").getByRole("checkbox").check();
  await choose("rename sel", "Rename selected item");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("done.log");
  await page.keyboard.press("Enter");
  await row(page, "done.log").waitFor();
  expect((await caller.names(`/Projects/${p}/Logs`)).sort()).toEqual(["done.log", "later"]);
  await choose("keyboard", "Keyboard shortcuts");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

test("the palette shows what a search found, and says what it did not", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  for (const name of ["newer.log", "shadow.log"]) await caller.put(`/Projects/${p}/Logs/${name}`, name);
  const page = await as(user, `/files/Projects/${p}/Logs`, { failures: [500] });
  await row(page, "newer.log").waitFor();
  type Given = { status: number; body: string } | undefined;
  let held: ((given: Given) => void) | undefined;
  const answer = async (given: Given): Promise<void> => {
    await expect.poll(() => held).toBeDefined(); // the page may say that it looks before the request is here
    held?.(given);
    held = undefined;
  };
  await page.route("**/api/v1/search?*", async (route) => {
    const given = await new Promise<Given>((done) => {
      held = done;
    });
    await (given === undefined ? route.continue() : route.fulfill({ contentType: "application/json", ...given }));
  });
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox");
  const dialog = page.getByRole("dialog", { name: "Find" });
  const hit = page.getByRole("option", { name: "newer.log" });
  await field.fill("ne");
  await dialog.getByText("Type at least three characters to search files.").waitFor();
  await field.fill("newe");
  await dialog.getByText("Searching…").waitFor();
  await answer(undefined);
  await hit.waitFor();
  await field.fill("shad"); // what was found for another word is not what Enter opens
  await dialog.getByText("Searching…").waitFor();
  expect(await hit.count()).toBe(0);
  await answer({ status: 200, body: JSON.stringify({ items: [], partial: true }) });
  await dialog.getByText("There was too much to search. Some results may be missing.").waitFor();
  await field.fill("new f"); // a command is called so
  await dialog.getByText("Searching…").waitFor();
  await answer({ status: 500, body: JSON.stringify({ detail: "The search broke." }) });
  await dialog.getByText("The search broke.").waitFor();
  await page.getByRole("option", { name: "New folder" }).waitFor();
});

test("keys mean nothing to the page behind a dialog, when what had the focus in it is gone, too", async () => {
  const user = person();
  const trash = `/Projects/${project(user)}/.Trash/${user}/Current`;
  await new Caller(user).put(`${trash}/f`, "x");
  const page = await as(user, `/files${trash}`);
  let answer = (): void => undefined;
  const held = new Promise<void>((done) => {
    answer = done;
  });
  await page.route("**/api/v1/fs/delete?*", async (route) => {
    await held;
    await route.continue();
  });
  await row(page, "f").waitFor();
  await grid(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await dialog.getByRole("button", { name: "Stop" }).waitFor();
  for (const key of ["Backspace", "N", "P", "?"]) await page.keyboard.press(key);
  expect(new URL(page.url()).pathname).toBe(`/files${trash}`);
  expect(await dialog.getByRole("heading").allTextContents()).toEqual(["Deleting “f” for good"]);
  answer();
  await page.getByText("“f” deleted for good.").waitFor();
  await dialog.waitFor({ state: "detached" });
});

test("order and filter are part of the address", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  for (const [name, n] of [["run-10", 5], ["run-9", 7], ["other", 6]] as const) await caller.put(`${dir}/${name}`, "x".repeat(n));
  const page = await as(user, `/files${dir}`);
  await row(page, "other").waitFor();
  expect(await names(page)).toEqual(["other", "run-9", "run-10"]);
  const size = page.getByRole("columnheader", { name: "Size" }).getByRole("button");
  await grid(page).focus();
  for (let i = 0; i < 10 && !(await size.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => names(page)).toEqual(["run-10", "other", "run-9"]);
  await page.keyboard.press("/");
  await page.keyboard.type("run");
  await expect.poll(() => names(page)).toEqual(["run-10", "run-9"]);
  const address = page.url();
  expect(address.slice(url.length)).toBe(`/files${dir}?sort=size&filter=run`);
  await page.goto("about:blank");
  await page.goto(address);
  await expect.poll(() => names(page)).toEqual(["run-10", "run-9"]);
});

test("while a listing comes, nothing is done to what is selected and filtered away", async () => {
  const user = person();
  const p = project(user);
  const dir = `/Projects/${p}/Logs`;
  await new Caller(user).batchWrite(dir, archive(Array.from({ length: 1500 }, (_, i) => ({ name: `f${String(i).padStart(4, "0")}`, content: new Blob() }))));
  const page = await as(user, "/");
  await page.getByRole("heading", { name: "Projects", exact: true }).waitFor();
  await page.route("**/api/v1/fs/list-status-batch?*startafter=*", () => new Promise(() => undefined)); // the rest takes for ever
  await page.goto(`${url}/files${dir}`);
  await row(page, "f0001").waitFor();
  await grid(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(() => page.locator(".status").textContent()).toContain("2 items selected");
  await page.keyboard.press("/");
  await page.keyboard.type("f0001");
  await expect.poll(() => names(page)).toEqual(["f0001"]);
  await expect.poll(() => page.locator(".status").textContent()).toContain("1 item selected");
});

test("what somebody else changes appears without a reload", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const page = await live(user, `/files/Projects/${p}/Logs`);
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  await caller.put(`/Projects/${p}/Logs/new.txt`, "x");
  await row(page, "new.txt").waitFor();
});

test("a listing that could not be read again says so, and why", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Logs`;
  const caller = new Caller(user);
  await caller.put(`${dir}/here`, "x");
  const page = await live(user, `/files${dir}`, { failures: [403] });
  await row(page, "here").waitFor();
  const refusal = { status: 403, contentType: "application/problem+json", body: JSON.stringify({ detail: "You are no member any more." }) };
  await page.route("**/api/v1/fs/list-status-batch?*", (route) => route.fulfill(refusal));
  await caller.put(`${dir}/new`, "x");
  await page.getByText("This list could not be refreshed. You are no member any more.").waitFor();
  expect(await row(page, "here").count()).toBe(1);
  await page.unroute("**/api/v1/fs/list-status-batch?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await row(page, "new").waitFor();
});

test("names that want to be more than names are shown as they are", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  const hostile = [
    "<img src=x onerror=alert(1)>.txt", 'quote"\'.txt', "two\nlines", "gnp.‮exe", "100% of a?b#c&d=e", "%2e%2e", "a\\b", "ö".repeat(127), " leading and trailing ",
  ];
  for (const name of hostile) await caller.put(`${dir}/${name}`, name);
  const page = await as(user, `/files${dir}`);
  let alerts = 0;
  page.on("dialog", (d) => {
    alerts++;
    void d.dismiss();
  });
  await page.getByText(`${hostile.length} items`).waitFor();
  expect(await page.locator(".grid-row img").count()).toBe(0);
  const links = page.locator(".grid-row .c-name a");
  for (let i = 0; i < hostile.length; i++) {
    const shown = await links.nth(i).textContent();
    await links.nth(i).click();
    await page.locator(".file-head h1").waitFor();
    expect(await page.locator(".file-head h1").textContent()).toBe(shown);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /^Download/ }).click()]);
    expect(await download.failure()).toBeNull();
    await page.goBack();
    await page.getByText(`${hostile.length} items`).waitFor();
  }
  expect(alerts).toBe(0);
});

test("a time that is no date keeps nobody from a directory, nor from the file", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Logs`;
  const caller = new Caller(user);
  await caller.put(`${dir}/odd.log`, "content");
  await caller.put(`${dir}/plain.log`, "content");
  await caller.change("set-times", { path: `${dir}/odd.log`, modificationtime: "1764000000000000000" }); // in nanoseconds
  const page = await as(user, `/files${dir}`);
  await row(page, "plain.log").waitFor();
  await row(page, "odd.log").getByText("invalid date").click();
  await page.keyboard.press("Enter");
  await page.getByLabel("File details").getByText("1,764,000,000,000,000,000 milliseconds since 1970, which is not a valid date").waitFor();
});

test("a directory of 100,000 items scrolls to its end, with few rows in the page and few requests", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  const total = 100_000;
  const each = 10_000; // members of an archive, at most
  for (let from = 0; from < total; from += each) {
    await caller.batchWrite(dir, archive(Array.from({ length: each }, (_, i) => ({ name: `f${String(from + i).padStart(6, "0")}`, content: new Blob() }))));
  }
  const page = await as(user, "/");
  await page.getByRole("heading", { name: "Projects", exact: true }).waitFor();
  let requests = 0;
  page.on("request", (r) => {
    if (r.url().includes("/fs/list-status-batch")) requests++;
  });
  await page.goto(`${url}/files${dir}`);
  await row(page, "f000000").waitFor();
  expect(await grid(page).getAttribute("aria-rowcount").then(Number)).toBeGreaterThan(1000);
  await page.getByText("100,000 items", { exact: true }).waitFor();
  let most = 0;
  for (const part of [0.25, 0.5, 0.75, 1]) {
    await page.locator(".grid-scroll").evaluate((e, part) => e.scrollTo(0, e.scrollHeight * part), part);
    await page.waitForTimeout(100);
    most = Math.max(most, await page.getByRole("row").count());
  }
  await row(page, "f099999").waitFor();
  await grid(page).focus();
  await page.keyboard.press("Home");
  await row(page, "f000000").waitFor();
  await page.keyboard.press("End");
  await row(page, "f099999").waitFor();
  expect(most).toBeLessThan(100);
  expect(requests).toBeLessThanOrEqual(total / 1000 + 2);
}, 180_000);
