import { expect, test } from "vitest";
import { as, Caller, password, person, project, visit } from "./house";

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
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("row", { name: "kept" }).waitFor();
});
