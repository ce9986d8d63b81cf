import { expect, test } from "vitest";
import { as, Caller, person, project, url } from "./house";
import { look } from "./pictures";

/** A project with people in it; the names are the same in each run. */
async function scene(owner: string, p: string, others: readonly string[]): Promise<Caller> {
  person(owner);
  for (const other of others) person(other);
  project(owner, p);
  const caller = new Caller(owner);
  const [sci, obs] = others;
  if (sci !== undefined) await caller.setMember(p, sci, "scientist");
  if (obs !== undefined) await caller.setMember(p, obs, "observer");
  const dir = `/Projects/${p}/Models`;
  await caller.put(`${dir}/weights.bin`, "weights");
  await caller.put(`${dir}/config.json`, "{}");
  await caller.mkdirs(`${dir}/checkpoints`);
  await caller.change("set-permission", { path: `/Projects/${p}`, permission: "771" });
  await caller.change("set-permission", { path: dir, permission: "771" });
  await caller.change("set-permission", { path: `${dir}/weights.bin`, permission: "640" });
  await caller.change("set-permission", { path: `${dir}/config.json`, permission: "664" });
  return caller;
}

test("who can see this, and why", async () => {
  const caller = await scene("lise", "fission", ["otto", "fritz", "niels"]);
  project("niels", "complement");
  const dir = "/Projects/fission/Models";
  const share = await caller.share("fission", dir, { project: "complement", level: "read", expires: "2099-05-01T12:00:00Z" });
  await new Caller("niels").accept(share);
  await caller.change("set-permission", { path: "/Projects/fission", permission: "770" });
  await caller.change("modify-acl-entries", { path: `${dir}/weights.bin`, aclspec: "user:otto:rw-" });
  await caller.change("modify-acl-entries", { path: `${dir}/weights.bin`, aclspec: "mask::r--" });
  const page = await as("lise", `/files${dir}/weights.bin?open=access&who=1`);
  await page.getByRole("button", { name: "Why niels" }).click();
  await page.getByText("is shared with project").first().waitFor();
  await page.getByLabel("User to check").fill("otto");
  await page.getByLabel("Action to check").selectOption("write");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("but the mask does not").first().waitFor();
  await page.getByRole("group", { name: "Can otto write to it?" }).getByText("Show every check, from the top folder down").click();
  await look(page, "access-who");
  await page.setViewportSize({ width: 390, height: 780 });
  await look(page, "phone-access-who");
  expect(await page.getByRole("dialog").evaluate((d) => d.scrollWidth - d.clientWidth)).toBe(0);
});

test("permissions of one and of many", async () => {
  const caller = await scene("marie", "radium", ["irene", "ernest", "paul"]);
  const dir = "/Projects/radium/Models";
  await caller.change("modify-acl-entries", { path: `${dir}/checkpoints`, aclspec: "user:irene:rwx,group:physics:r-x,default:user:irene:rwx" });
  await caller.change("modify-acl-entries", { path: `${dir}/checkpoints`, aclspec: "mask::r-x" });
  const page = await as("marie", `/files${dir}/weights.bin?open=access`);
  const dialog = page.getByRole("dialog", { name: "Permissions of “weights.bin”" });
  await dialog.getByLabel("Owner: read").waitFor();
  await dialog.getByLabel("Name to add to the access list").fill("paul");
  await page.keyboard.press("Enter");
  await dialog.getByRole("rowheader", { name: "paul their own entry in the access list" }).waitFor();
  await look(page, "access", async () => {
    await page.locator(".access-outcome[aria-busy=false]").waitFor();
  });
  await page.goto(`${url}/files${dir}?open=access&of=checkpoints`);
  await page.getByRole("dialog").getByText("mask: r-x").first().waitFor();
  await look(page, "access-directory", async () => {
    await page.locator(".access-outcome[aria-busy=false]").waitFor();
  });
  await page.goto(`${url}/files${dir}?open=access&of=checkpoints%2Fconfig.json%2Fweights.bin`);
  await page.getByRole("dialog", { name: "Permissions of 3 items" }).getByLabel("Group: write / change").click();
  await page.getByLabel("Apply to everything inside").check();
  await look(page, "access-many", async () => {
    await page.locator(".access-outcome[aria-busy=false]").waitFor();
  });
  await page.setViewportSize({ width: 390, height: 780 });
  await look(page, "phone-access");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await page.getByRole("dialog").evaluate((d) => d.scrollWidth - d.clientWidth)).toBe(0);
});

test("sharing with an end", async () => {
  const caller = await scene("rosalind", "helix", ["raymond", "maurice"]);
  project("maurice", "proteins");
  const dir = "/Projects/helix/Models";
  await caller.share("helix", dir, { project: "proteins", level: "read", expires: "2099-05-01T12:00:00Z" });
  await caller.share("helix", dir, { user: "raymond", level: "edit" });
  const page = await as("rosalind", `/files${dir}?open=share`);
  const dialog = page.getByRole("dialog", { name: "Share Models" });
  await dialog.getByText("ends on Friday, May 1, 2099").waitFor();
  await dialog.getByLabel("A person").check();
  await dialog.getByRole("combobox", { name: "User name" }).fill("ma");
  await dialog.getByRole("option", { name: "maurice" }).waitFor();
  await look(page, "share-name");
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Change the share with proteins" }).click();
  await dialog.getByRole("button", { name: "Save" }).scrollIntoViewIfNeeded();
  await look(page, "share-change");
  await page.setViewportSize({ width: 390, height: 780 });
  await look(page, "phone-share");
  expect(await dialog.evaluate((d) => d.scrollWidth - d.clientWidth)).toBe(0);
});
