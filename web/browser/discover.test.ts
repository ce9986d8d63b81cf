import { expect, test } from "vitest";
import { as, Caller, fresh, person, project, url } from "./house";

test("a project is found, asked for, and joined; its settings are changed, it is left, and deleted", async () => {
  const [owner, other] = [person(), person()];
  const p = project(owner);
  const word = fresh("w");
  const page = await as(owner, `/projects/${p}`);
  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: "Description and listing" }).click();
  expect(new URL(page.url()).search).toBe("?open=edit");
  await page.getByLabel("Description", { exact: true }).fill(`Street scenes ${word}`);
  await page.getByLabel("List in Discover").check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(`Street scenes ${word}`).waitFor();

  const stranger = await as(other, `/discover?words=${word}`);
  await stranger.getByRole("button", { name: `Request to join ${p}` }).click();
  await stranger.getByLabel("Reason for the request").fill("For my thesis");
  await stranger.keyboard.press("Enter");
  await stranger.getByText("A data owner has to approve it.").waitFor();
  await stranger.reload();
  await stranger.getByText("A data owner has to approve it.").waitFor();
  await stranger.getByRole("link", { name: p }).click();
  await stranger.getByText(`Street scenes ${word}`).waitFor();
  expect(await stranger.getByRole("heading", { name: "Members" }).count()).toBe(0);

  await page.reload();
  const request = page.getByRole("listitem", { name: `Request of ${other}` });
  await request.getByText("For my thesis").waitFor();
  await request.getByRole("button", { name: "Add as observer" }).click();
  await page.getByLabel(`Role of ${other}`).waitFor();
  await request.waitFor({ state: "detached" });
  await page.getByRole("button", { name: `Remove ${other}` }).click();
  await page.getByLabel(`Role of ${other}`).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  expect(await page.getByLabel(`Role of ${other}`).inputValue()).toBe("observer");

  await stranger.reload();
  await stranger.getByRole("button", { name: "More actions", exact: true }).click();
  await stranger.getByRole("menuitem", { name: "Leave project" }).click();
  await stranger.getByRole("button", { name: "Leave project" }).click();
  await stranger.getByText(`You have left ${p}.`).waitFor();

  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByText("archived", { exact: true }).waitFor();
  await expect(new Caller(owner).mkdirs(`/Projects/${p}/Logs/new`)).rejects.toThrow(/archived/);

  await page.goto(`${url}/projects/${p}?open=delete`);
  const end = page.getByRole("button", { name: "Delete project" });
  expect(await end.isDisabled()).toBe(true);
  await page.getByLabel(`To confirm, type ${p}`).fill(p);
  await end.click();
  await page.getByText(`Project ${p} moved to the trash`).waitFor();
  await page.getByRole("heading", { name: "You have no projects yet" }).waitFor();
});

test("a dataset is made and opened to others; who finds it asks for it, and is offered it", async () => {
  const [owner, other] = [person(), person()];
  const p = project(owner);
  const word = fresh("w");
  const page = await as(owner, `/projects/${p}`);
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Name", { exact: true }).fill(`tiles ${word}`);
  await page.getByLabel("Listed").check();
  await page.getByRole("button", { name: "Create dataset" }).click();
  await page.getByRole("link", { name: `tiles ${word}` }).waitFor();
  await page.getByText("listed", { exact: true }).waitFor();

  const stranger = await as(other, `/discover?words=${word}`);
  await stranger.getByRole("button", { name: `Request access to tiles ${word}` }).click();
  await stranger.keyboard.press("Enter");
  await stranger.getByText("A data owner has to approve it.").waitFor();
  await page.reload();
  await page.getByRole("listitem", { name: `Request of ${other}` }).getByRole("button", { name: "Offer read access" }).click();
  await page.getByText(`Share offered to ${other}`).waitFor();
  await stranger.reload();
  await stranger.getByRole("link", { name: /Shared with me 1 pending offer/ }).waitFor();

  await page.getByRole("button", { name: `Edit tiles ${word}` }).click();
  await page.getByLabel("Public").check();
  await page.getByRole("textbox", { name: /^Description/ }).fill("Map tiles.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Map tiles.").waitFor();
  await stranger.reload();
  await stranger.getByRole("button", { name: `tiles ${word}` }).click();
  await stranger.getByRole("heading", { name: `tiles ${word} is empty` }).waitFor();
});

test("an owner who becomes an observer is offered nothing of what owners do any more", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  await new Caller(ada).setMember(p, bob, "owner");
  const page = await as(ada, `/projects/${p}`);
  await page.getByRole("button", { name: "New dataset" }).waitFor();
  await page.getByLabel(`Role of ${ada}`).selectOption("observer");
  await page.getByRole("button", { name: "New dataset" }).waitFor({ state: "detached" });
});
