import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, Caller, command, fresh, password, person, project, superuser, url, visit } from "./house";

const dialog = (page: Page) => page.getByRole("dialog");
const user = (page: Page, name: string) => page.getByRole("list", { name: "Users" }).getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });

/** Makes a superuser who signs in with the password of all. */
function chief(): string {
  const name = fresh("chief");
  command(["user", "add", name, "--admin", "--password-stdin"], password);
  return name;
}

/** Opens what can be done with a user, and chooses it. */
async function choose(page: Page, name: string, deed: string): Promise<void> {
  await user(page, name).getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: deed }).click();
}

async function signIn(page: Page, name: string, word: string): Promise<void> {
  await page.getByLabel("User").fill(name);
  await page.getByLabel("Password").fill(word);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a superuser adds a user, who signs in, and disables them, who is refused at once", async () => {
  const name = fresh("new");
  const page = await as(chief(), "/", { failures: [409] });
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Administration" }).click();
  await page.getByRole("button", { name: "Add a user" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill(name.toUpperCase());
  const word = await dialog(page).getByLabel("Initial password").inputValue();
  expect(word).toMatch(/^(\w{5}-){3}\w{5}$/);
  await dialog(page).getByLabel("Name", { exact: true }).fill(name);
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  await dialog(page).waitFor({ state: "detached" });
  expect(page.url() + (await page.content())).not.toContain(word);
  await page.getByLabel("Find a user").fill(name);
  await user(page, name).waitFor();
  expect(new URL(page.url()).searchParams.get("find")).toBe(name);

  // The name is taken now, whatever its capitals.
  await page.getByRole("button", { name: "Add a user" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill(name.toUpperCase());
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  await expect.poll(() => dialog(page).getByRole("alert").textContent()).toMatch(/looks like that of user/);
  await page.keyboard.press("Escape");

  const theirs = await visit("/", { failures: [403] });
  await signIn(theirs, name, word);
  await theirs.getByRole("heading", { name: "You have no projects yet" }).waitFor();
  await choose(page, name, "Disable…");
  await dialog(page).getByRole("button", { name: "Disable", exact: true }).click();
  await user(page, name).getByText("disabled", { exact: true }).waitFor();
  expect((await theirs.request.get(`${url}/api/v1/users/me`)).status()).toBe(401);
  await choose(page, name, "Enable");
  await user(page, name).getByText("disabled", { exact: true }).waitFor({ state: "detached" });

  // Another password: the first is good no more.
  await choose(page, name, "Set password…");
  await dialog(page).getByRole("button", { name: "Generate" }).click();
  const other = await dialog(page).getByLabel("New password").inputValue();
  await dialog(page).getByRole("button", { name: "Set password" }).click();
  await dialog(page).waitFor({ state: "detached" });
  const again = await visit("/");
  await signIn(again, name, word);
  await again.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
  await again.getByLabel("Password").fill(other);
  await again.getByRole("button", { name: "Sign in" }).click();
  await again.getByRole("heading", { name: "You have no projects yet" }).waitFor();
  await choose(page, name, "End all sessions");
  await page.getByText(`All sessions of ${name} have ended.`).waitFor();
  expect((await again.request.get(`${url}/api/v1/users/me`)).status()).toBe(401);

  await choose(page, name, "Make a superuser…");
  await dialog(page).getByRole("button", { name: "Make a superuser" }).click();
  await user(page, name).getByText("superuser", { exact: true }).waitFor();
});

test("a superuser changes somebody's groups, and does not leave the one that makes them a superuser", async () => {
  const [name, word] = [fresh("member"), fresh("joan")];
  command(["user", "add", name, "--groups", "staff"]);
  command(["user", "add", word, "--groups", "staff,supergroup", "--password-stdin"], password);
  const page = await as(word, `/admin?find=${name}`, { failures: [400] });
  await user(page, name).getByText("1 group: staff").waitFor();
  await choose(page, name, "Change groups…");
  await expect.poll(() => dialog(page).getByLabel("Groups").inputValue()).toBe("staff");
  await dialog(page).getByLabel("Groups").fill("ml, .., ops");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await dialog(page).getByRole("alert").filter({ hasText: ".." }).waitFor();
  await dialog(page).getByLabel("Groups").fill("ml  ops,");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await user(page, name).getByText("2 groups: ml, ops").waitFor();
  await choose(page, name, "Change groups…");
  await dialog(page).getByLabel("Groups").fill("");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await user(page, name).getByText("groups").waitFor({ state: "detached" });

  await page.getByLabel("Find a user").fill(word);
  await choose(page, word, "Change groups…");
  await dialog(page).getByLabel("Groups").fill("staff");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await dialog(page).getByRole("alert").filter({ hasText: "shut yourself out" }).waitFor();
  await page.keyboard.press("Escape");
  await user(page, word).getByText("superuser", { exact: true }).waitFor();
});

test("limits are set, a deleted project comes back, and the store is described", async () => {
  const ada = person();
  const [limited, deleted] = [project(ada), project(ada)];
  await new Caller(ada).put(`/Projects/${limited}/Models/m`, "x".repeat(2048));
  const page = await as(chief(), `/admin?tab=projects&find=${limited}`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: limited, exact: true }) });
  await row.getByText(`owned by ${ada}`).waitFor();
  await row.getByRole("button", { name: `Count the files of ${limited}` }).click();
  await row.getByText(/^6.00 KiB/).waitFor(); // as three replicas
  await row.getByRole("button", { name: `Limits of ${limited}` }).click();
  await dialog(page).getByLabel("Storage, counting each replica").fill("much");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await dialog(page).getByText("is not a size").waitFor();
  await dialog(page).getByLabel("Storage, counting each replica").fill("7 KiB");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await row.getByText("6.00 KiB of 7.00 KiB").waitFor();
  await expect(new Caller(ada).put(`/Projects/${limited}/Models/n`, "x".repeat(2048))).rejects.toThrow(/quota/i);

  const hers = await as(ada, `/projects/${deleted}`, { failures: [404] }); // which it is told, once it is gone
  const removed = await hers.request.delete(`${url}/api/v1/projects/${deleted}`, { headers: { "X-XSRF-HEADER": "test" } });
  expect(removed.status()).toBe(204);
  await page.goto(`${url}/admin?tab=projects&deleted=1&find=${deleted}`);
  await page.getByRole("button", { name: `Restore ${deleted}` }).click();
  await page.getByText(`Project ${deleted} restored.`).waitFor();
  await page.getByText("No projects match.").waitFor();
  expect(await superuser().names("/Projects")).toContain(deleted);

  await page.getByRole("link", { name: "Stores" }).click();
  const store = page.getByRole("region", { name: "Store blocks" });
  await store.getByText("healthy", { exact: true }).waitFor();
  const live = store.getByRole("row").filter({ hasText: "Live" }).getByRole("cell").first();
  const before = Number((await live.textContent())?.replaceAll(",", ""));
  await new Caller(ada).put(`/Projects/${deleted}/Models/big`, new Uint8Array(3 << 20));
  await page.reload();
  await expect.poll(async () => Number((await live.textContent())?.replaceAll(",", ""))).toBeGreaterThan(before);
  await page.getByRole("region", { name: "Servers" }).getByText("this server").waitFor();
});

test("who is no superuser is told so, and offered nothing of it", async () => {
  const page = await as(person(), "/admin");
  await page.getByRole("heading", { name: "Superusers only" }).waitFor();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Tokens" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Administration" }).count()).toBe(0);
});
