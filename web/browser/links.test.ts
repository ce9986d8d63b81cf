import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, Caller, person, project, url } from "./house";

const dialog = (page: Page) => page.getByRole("dialog");

/** Creates a download link on the page of a file, and returns its address. */
async function make(page: Page, choose: () => Promise<void> = () => Promise.resolve()): Promise<string> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Download link…" }).click();
  await choose();
  await dialog(page).getByRole("button", { name: "Create link" }).click();
  await dialog(page).getByText("it will not be shown again").waitFor();
  return (await dialog(page).getByLabel("Link", { exact: true }).textContent()) ?? "";
}

/** Follows a link as somebody without an account does. */
const follow = async (address: string, password?: string): Promise<[number, string]> => {
  const answer = await fetch(address, { headers: password === undefined ? {} : { "X-Link-Password": password } });
  return [answer.status, await answer.text()];
};

test("a link hands a file to somebody without an account, says how often, and ends at once", async () => {
  const ada = person();
  const file = `/Projects/${project(ada)}/Resources/ages.csv`;
  await new Caller(ada).put(file, "name,age\nAda,36\n");
  const page = await as(ada, `/files${file}`);
  const address = await make(page);
  expect(address.startsWith(`${url}/links/`)).toBe(true);
  // It is in what is shown, and nowhere else.
  expect(page.url()).not.toContain(address);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie]));
  expect(kept).not.toContain(address);
  await page.keyboard.press("Escape"); // which would lose it
  expect(await follow(address)).toEqual([200, "name,age\nAda,36\n"]);
  await dialog(page).getByRole("button", { name: "Done, I have copied it" }).click();
  await dialog(page).waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(address);

  await page.getByRole("button", { name: `Account of ${ada}` }).click();
  await page.getByRole("menuitem", { name: "Tokens and links" }).click();
  await page.getByRole("navigation", { name: "Tokens and links" }).getByRole("link", { name: "Download links" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "ages.csv" });
  await row.getByText("1 time", { exact: true }).waitFor();
  await row.getByRole("button", { name: "Revoke the link to ages.csv" }).click();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  expect((await follow(address))[0]).toBe(200);
  await row.getByText("2 times", { exact: true }).waitFor();
  await row.getByRole("button", { name: "Revoke the link to ages.csv" }).click();
  await dialog(page).getByRole("button", { name: "Revoke link" }).click();
  await page.getByRole("heading", { name: "You have no download links" }).waitFor();
  expect((await follow(address))[0]).toBe(404);
});

test("a link may ask for a password and have a note, and leads to no file in the trash", async () => {
  const ada = person();
  const dir = `/Projects/${project(ada)}/Resources`;
  await new Caller(ada).put(`${dir}/ages.csv`, "name,age\n");
  const page = await as(ada, `/files${dir}?filter=ages`);
  await page.getByRole("checkbox", { name: "ages.csv" }).check();
  const address = await make(page, async () => {
    await dialog(page).getByLabel("Password (optional)").fill("short");
    await dialog(page).getByRole("button", { name: "Create link" }).click();
    await expect.poll(() => dialog(page).getByRole("alert").textContent()).toBe("The password needs at least 8 characters.");
    await dialog(page).getByLabel("Password (optional)").fill("open sesame");
    await dialog(page).getByLabel("Expires").selectOption({ label: "after 7 days" });
    await dialog(page).getByLabel("Note (optional)").fill("for Bob");
  });
  expect(await dialog(page).getByLabel("Password", { exact: true }).textContent()).toBe("open sesame");
  await dialog(page).getByRole("button", { name: "Done, I have copied it" }).click();
  expect((await follow(address))[0]).toBe(401);
  expect((await follow(address, "wrong password"))[0]).toBe(401);
  expect(await follow(address, "open sesame")).toEqual([200, "name,age\n"]);

  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.getByText("“ages.csv” moved to the trash.").waitFor();
  expect((await follow(address, "open sesame"))[0]).toBe(404);
  await page.goto(`${url}/tokens?tab=links`);
  const row = page.getByRole("listitem").filter({ hasText: "for Bob" });
  await row.getByText("password", { exact: true }).waitFor();
  await row.getByText("in the trash", { exact: true }).waitFor();
  await row.getByRole("link", { name: "ages.csv" }).click();
  await page.getByRole("button", { name: "More actions" }).click();
  expect(await page.getByRole("menuitem", { name: "Download link…" }).isDisabled()).toBe(true);
});
