import { spawn } from "node:child_process";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { visit } from "./house";
import { dataFolder, end, freePort, serve } from "./server";

const secret = "the secret of a client";

/** Starts oidc-provider, as it is published, for one person: e2e/oidc/provider.mjs. */
async function provider(port: number, redirect: string): Promise<void> {
  const program = resolve(import.meta.dirname, "../../build/oidc/provider.mjs"); // beside the packages that it needs
  copyFileSync(resolve(import.meta.dirname, "../../e2e/oidc/provider.mjs"), program);
  const env = { ...process.env, PORT: String(port), PEOPLE: JSON.stringify({ "u-1": { preferred_username: "carol" } }), CLIENT_SECRET: secret, REDIRECT: redirect };
  const running = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    running.kill("SIGKILL");
  });
  await new Promise<void>((done, failed) => {
    running.stdout.once("data", () => done());
    running.once("exit", (code) => failed(new Error(`the provider ended with ${code}`)));
  });
}

test("somebody signs in at an OpenID provider and comes back to where they wanted to go", async () => {
  const [port, at] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${at}`;
  const issuer = `http://127.0.0.1:${port}`;
  await provider(port, `${origin}/login/oidc/callback`);
  const data = dataFolder();
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const file = join(data, "client-secret");
  writeFileSync(file, secret, { mode: 0o600 });
  const server = await serve(data, `127.0.0.1:${at}`, "--public-url", origin, "--oidc-issuer", issuer, "--oidc-client-id", "granary", "--oidc-client-secret-file", file, "--oidc-new-users", "create");
  onTestFinished(() => end(server));

  const page = await visit("/shared?open=offers", { origin, provider: issuer });
  await page.getByRole("link", { name: "Sign in with your organisation" }).click();
  await page.getByPlaceholder("Enter any login").fill("u-1");
  await page.getByPlaceholder("and password").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Account of carol" }).waitFor();
  expect(page.url()).toBe(`${origin}/shared?open=offers`);

  await page.getByRole("button", { name: "Account of carol" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in with your organisation" }).waitFor();
});
