import { rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { as, command, password } from "./house";
import { dataFolder, end, freePort, serve } from "./server";

test("a server that dies loses nobody their place, and what it lost is told and can be tried again", async () => {
  const data = dataFolder();
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const at = `127.0.0.1:${await freePort()}`;
  let server = await serve(data, at);
  onTestFinished(() => end(server));
  command(["user", "add", "ada", "--password-stdin"], password, data);
  command(["project", "create", "speech", "--owner", "ada"], "", data);

  const origin = `http://${at}`;
  const page = await as("ada", "/files/Projects/speech/Logs", { origin, offline: true, failures: [502, 503] });
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  await page.evaluate(() => Object.assign(window, { before: true })); // gone if the page is loaded anew

  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGKILL");
  await gone;
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("first");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("The server does not respond").first().waitFor();
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("first");
  // A part of the page that was not loaded before cannot be now.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("dialog", { name: "Could not be opened" }).getByText("could not be loaded").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("first");

  server = await serve(data, at);
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: "first" }).waitFor();

  // The feed is followed again, too.
  const token = command(["token", "create", "--user", "ada", "--expires", "1h"], "", data).trim();
  const answer = await fetch(`${origin}/api/v1/fs/mkdirs?path=/Projects/speech/Logs/by-others`, { method: "PUT", headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await page.getByRole("row", { name: "by-others" }).waitFor();
  expect(await page.evaluate(() => "before" in window)).toBe(true);
});
