import { expect, test } from "vitest";
import { as, Caller, command, fresh, person, project, url } from "./house";

test("a file is described and tagged, found by its tag, and who only reads it is told so", async () => {
  const [owner, reader] = [person(), person()];
  const p = project(owner);
  command(["project", "member", "add", p, reader, "--role", "observer"]);
  const caller = new Caller(owner);
  const at = `/Projects/${p}/Resources/ages.csv`;
  await caller.put(at, "name,age\n");
  const value = fresh("raw");
  const page = await as(owner, `/files${at}`);
  await page.getByRole("button", { name: "Describe and tag it" }).click();
  expect(new URL(page.url()).search).toBe("?open=labels");
  await page.getByLabel("Description", { exact: true }).fill("Who is how old.");
  await page.getByLabel("Key of tag 1").fill("stage");
  await page.getByLabel("Value of tag 1").fill(value);
  await page.getByLabel("Key of tag 2").fill("pii");
  await page.keyboard.press("Enter");
  const labels = page.getByRole("region", { name: "Description and tags" });
  await labels.getByText("Who is how old.").waitFor();
  expect(await labels.getByRole("listitem").allTextContents()).toEqual(["pii", `stage${value}`]);

  await page.goto(`${url}/files/Projects/${p}`);
  await page.getByRole("grid").waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(`stage=${value}`);
  await page.getByRole("option", { name: /^ages\.csv/ }).click();
  await page.getByRole("button", { name: "Description and tags" }).click();
  await page.getByRole("button", { name: "Remove tag pii" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => labels.getByRole("listitem").allTextContents()).toEqual([`stage${value}`]);

  const other = await as(reader, `/files${at}?open=labels`, { failures: [403] });
  await other.getByLabel("Key of tag 2").fill("mine");
  await other.getByRole("button", { name: "Save" }).click();
  await other.getByRole("alert").filter({ hasText: "Permission denied" }).waitFor();
});
