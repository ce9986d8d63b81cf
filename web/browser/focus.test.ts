import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { grid, row } from "./entries";
import { as, Caller, fresh, person, project } from "./house";

/** What has the focus, by its id, its label or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    if (at === document.body || at === null) return "nothing";
    return at.id !== "" ? at.id : (at.getAttribute("aria-label") ?? at.textContent.trim());
  });

test("the keyboard alone leads into folders and back out, and to a file, without looking for the list each time", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  for (const name of ["one/first/f.txt", "one/two/a.txt", "one/two/b.txt", "one/z.txt"]) await caller.put(`/Projects/${p}/Logs/${name}`, name);
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await row(page, "one").waitFor();
  expect(await focused(page)).toBe("nothing"); // who loads a page begins at its top
  await grid(page).focus();
  await page.keyboard.press("Enter");
  await row(page, "two").waitFor();
  await expect.poll(() => focused(page)).toBe("grid");
  await page.keyboard.press("t");
  await page.keyboard.press("Enter");
  await row(page, "b.txt").waitFor();
  await expect.poll(() => focused(page)).toBe("grid");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => row(page, "b.txt").getAttribute("aria-selected")).toBe("true");
  await page.keyboard.press("Backspace");
  await row(page, "z.txt").waitFor();
  await expect.poll(() => focused(page)).toBe("grid");
  await page.keyboard.press("Enter"); // the cursor is where one came from
  await row(page, "a.txt").waitFor();
  await page.keyboard.press("Backspace");
  await row(page, "z.txt").waitFor();
  await expect.poll(() => focused(page)).toBe("grid");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "z.txt" }).waitFor();
  await expect.poll(() => focused(page)).toBe("z.txt");
  await page.goBack();
  await row(page, "z.txt").waitFor();
  await expect.poll(() => focused(page)).toBe("grid");
});

test("who empties a folder, or brings something back, is not sent to the top of the page", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Logs`;
  await new Caller(user).put(`${dir}/only.txt`, "x");
  const page = await as(user, `/files${dir}`);
  await row(page, "only.txt").waitFor();
  await grid(page).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Delete");
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  await expect.poll(() => focused(page)).toContain("Logs is empty");
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.focus();
  await page.keyboard.press("Enter");
  await row(page, "only.txt").waitFor();
  await expect.poll(() => focused(page)).toBe("grid");
});

test("when the member or the message that had the focus is gone, what comes next has it", async () => {
  const [user, ...others] = [person(fresh("a")), ...["b", "c", "d"].map((name) => person(fresh(name)))] as const;
  const p = project(user);
  const caller = new Caller(user);
  for (const other of others) await caller.setMember(p, other, "observer");
  const page = await as(user, `/projects/${p}`);
  await page.getByRole("button", { name: `Remove ${others[0]}` }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(`${others[0]} was removed from the project.`).waitFor();
  await page.getByRole("button", { name: `Remove ${others[0]}` }).waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toContain(others[1]);
  await page.keyboard.press("Tab"); // into the member's own controls
  expect(await focused(page)).toBe(`Role of ${others[1]}`);
  await page.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Dismiss" }).waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe(`Role of ${others[1]}`); // where one was before
});

test("a button that could not be pressed for a while has the focus again, and a dialog keeps it from one step to the next", async () => {
  const user = person();
  const p = project(user);
  const trash = `/Projects/${p}/.Trash/${user}/Current`;
  const caller = new Caller(user);
  for (const name of ["a", "b"]) await caller.put(`${trash}/${name}`, "x");
  const page = await as(user, `/files${trash}`, { failures: [400] });
  let held: (() => void) | undefined;
  const answer = async (): Promise<void> => {
    await expect.poll(() => held).toBeDefined(); // the page tells of a request before it is here
    held?.();
    held = undefined;
  };
  await page.route("**/api/v1/fs/{mkdirs,delete}?*", async (route) => {
    await new Promise<void>((done) => {
      held = done;
    });
    if (route.request().url().includes("mkdirs")) await route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify({ detail: "Not now." }) });
    else await route.continue();
  });
  await row(page, "a").waitFor();
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("made");
  const create = page.getByRole("button", { name: "Create" });
  await create.focus();
  await page.keyboard.press("Enter");
  await answer();
  await page.getByText("Not now.").waitFor();
  await expect.poll(() => focused(page)).toBe("Create");
  expect(await page.getByLabel("Name", { exact: true }).evaluate((e) => document.getElementById(e.getAttribute("aria-describedby") ?? "")?.textContent)).toBe("Not now.");
  await page.keyboard.press("Escape");

  await grid(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete for good" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await expect.poll(() => focused(page)).toBe("Progress of deletion");
  await answer();
});
