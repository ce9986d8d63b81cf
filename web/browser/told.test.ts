import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { grid } from "./entries";
import { as, Caller, person, project } from "./house";

test("how far many deletions are is not read out after each of them", async () => {
  const user = person();
  const trash = `/Projects/${project(user)}/.Trash/${user}/Current`;
  const caller = new Caller(user);
  for (let i = 0; i < 60; i++) await caller.put(`${trash}/f${i}`, "x");
  const page = await as(user, `/files${trash}`);
  await page.getByText("60 items", { exact: true }).waitFor();
  await grid(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").waitFor();
  await page.evaluate(() => {
    const said: string[] = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const region = (target instanceof Element ? target : target.parentElement)?.closest("[aria-live], [role=status], [role=alert]");
        if (region != null && region.getAttribute("aria-live") !== "off") said.push(region.textContent);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { said });
  });
  await page.getByRole("dialog").getByRole("button", { name: "Delete for good" }).click();
  await page.getByText("60 items deleted for good.").waitFor();
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.some((words) => words.includes("60 items deleted for good."))).toBe(true);
  expect(said.length, said.join("\n")).toBeLessThan(15);
});

test("folders that are named from right to left keep their order in a path", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  await caller.put(`${dir}/אאא/בבב/file.txt`, "x");
  const page = await as(user, `/files${dir}/${encodeURIComponent("אאא")}/${encodeURIComponent("בבב")}/file.txt`);
  const path = page.getByLabel("File details").locator("code.wrap");
  await path.waitFor();
  const left = (name: string) =>
    path.evaluate((e, name) => {
      const text = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      while (text.nextNode() !== null) {
        const from = text.currentNode.textContent?.indexOf(name) ?? -1;
        if (from < 0) continue;
        const range = document.createRange();
        range.setStart(text.currentNode, from);
        range.setEnd(text.currentNode, from + name.length);
        const { top, left } = range.getBoundingClientRect();
        return 10_000 * top + left; // in the order of reading, in whatever line
      }
      throw new Error(`no ${name}`);
    }, name);
  expect(await left("אאא")).toBeLessThan(await left("בבב"));
  expect(await left("בבב")).toBeLessThan(await left("file.txt"));
  expect(await path.textContent()).toBe(`${dir}/אאא/בבב/file.txt`);
});

test("what is entered and is wrong is told in words beside its field", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  await new Caller(user).put(`${dir}/a.csv`, "a,b\n1,2\n3,4\n");
  const page = await as(user, `/files${dir}/a.csv`);
  const field = page.getByLabel("Go to row");
  await field.fill("x");
  expect(await described(field)).toBe("Enter a row number.");
  await field.fill("2");
  expect(await described(field)).toBe("");
});

function described(field: Locator): Promise<string | undefined> {
  return field.evaluate((e) => document.getElementById(e.getAttribute("aria-describedby") ?? "")?.textContent);
}
