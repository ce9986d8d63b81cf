import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { as, Caller, person, project } from "./house";

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
