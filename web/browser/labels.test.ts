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
  await page.getByRole("button", { name: "Add description and tags" }).click();
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

test("who saves a form takes nothing back of what others have changed since it was opened", async () => {
  const owner = person();
  const p = project(owner);
  const caller = new Caller(owner);
  const at = `/Projects/${p}/Resources/ages.csv`;
  await caller.put(at, "name,age\n");
  const page = await as(owner, `/files${at}?open=labels`);
  /** Comes back to the page until it reads again what it shows, as it does with what is some seconds old. */
  const comeBack = async (read: string) => {
    const again = page.waitForResponse((r) => r.request().method() === "GET" && r.url().includes(read)).then((r) => r.finished());
    let come = false;
    void again.then(() => (come = true));
    await expect
      .poll(async () => {
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
        return come;
      })
      .toBe(true);
  };
  const change = async (path: string, data: unknown) => {
    const answer = await page.request.patch(`${url}/api/v1/${path}`, { data, headers: { "X-XSRF-HEADER": "test" } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await page.getByLabel("Description", { exact: true }).fill("Who is how old.");
  await change(`labels?path=${encodeURIComponent(at)}`, { set: { theirs: "1" } });
  await comeBack("/labels?");
  await page.getByLabel("Key of tag 1").fill("mine");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  expect(await (await page.request.get(`${url}/api/v1/labels?path=${encodeURIComponent(at)}`)).json()).toEqual({ description: "Who is how old.", tags: { mine: "", theirs: "1" } });

  await page.goto(`${url}/projects/${p}?open=edit`);
  await page.getByLabel(/^List in Discover/).check();
  await change(`projects/${p}`, { description: "Of a colleague." });
  await comeBack(`/projects/${p}`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  expect(await (await page.request.get(`${url}/api/v1/projects/${p}`)).json()).toMatchObject({ description: "Of a colleague.", listed: true });
});
