import { expect, test } from "vitest";
import { as, Caller, fresh, person, project, url } from "./house";

test("a project is found, asked for, and joined; its settings are changed, it is left, and deleted", async () => {
  const [owner, other] = [person(), person()];
  const p = project(owner);
  const word = fresh("w");
  const page = await as(owner, `/projects/${p}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Description and listing" }).click();
  expect(new URL(page.url()).search).toBe("?open=edit");
  await page.getByLabel("Description", { exact: true }).fill(`Street scenes ${word}`);
  await page.getByLabel("Everybody may find it").check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(`Street scenes ${word}`).waitFor();

  const stranger = await as(other, `/discover?words=${word}`);
  await stranger.getByRole("button", { name: `Ask to join ${p}` }).click();
  await stranger.getByLabel("What you need it for").fill("For my thesis");
  await stranger.keyboard.press("Enter");
  await stranger.getByText("its owners have to answer").waitFor();
  await stranger.reload();
  await stranger.getByText("its owners have to answer").waitFor();
  await stranger.getByRole("link", { name: p }).click();
  await stranger.getByText(`Street scenes ${word}`).waitFor();
  expect(await stranger.getByRole("heading", { name: "Members" }).count()).toBe(0);

  await page.reload();
  const request = page.getByRole("listitem", { name: `Request of ${other}` });
  await request.getByText("For my thesis").waitFor();
  await request.getByRole("button", { name: "As observer" }).click();
  await page.getByLabel(`Role of ${other}`).waitFor();
  await request.waitFor({ state: "detached" });
  await page.getByRole("button", { name: `Remove ${other}` }).click();
  await page.getByLabel(`Role of ${other}`).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  expect(await page.getByLabel(`Role of ${other}`).inputValue()).toBe("observer");

  await stranger.reload();
  await stranger.getByRole("button", { name: "More", exact: true }).click();
  await stranger.getByRole("menuitem", { name: "Leave it" }).click();
  await stranger.getByRole("button", { name: "Leave it" }).click();
  await stranger.getByText(`You have left ${p}.`).waitFor();

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Archive it" }).click();
  await page.getByRole("button", { name: "Archive it" }).click();
  await page.getByText("archived", { exact: true }).waitFor();
  await expect(new Caller(owner).mkdirs(`/Projects/${p}/Logs/new`)).rejects.toThrow(/archived/);

  await page.goto(`${url}/projects/${p}?open=delete`);
  const end = page.getByRole("button", { name: "Delete the project" });
  expect(await end.isDisabled()).toBe(true);
  await page.getByLabel(`Type ${p} to delete it`).fill(p);
  await end.click();
  await page.getByText(`${p} is in the trash`).waitFor();
  await page.getByRole("heading", { name: "You are in no project yet" }).waitFor();
});

test("a dataset is made and opened to others; who finds it asks for it, and is offered it", async () => {
  const [owner, other] = [person(), person()];
  const p = project(owner);
  const word = fresh("w");
  const page = await as(owner, `/projects/${p}`);
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Name", { exact: true }).fill(`tiles ${word}`);
  await page.getByLabel("Can be found").check();
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("link", { name: `tiles ${word}` }).waitFor();
  await page.getByText("can be found", { exact: true }).waitFor();

  const stranger = await as(other, `/discover?words=${word}`);
  await stranger.getByRole("button", { name: `Ask for tiles ${word}` }).click();
  await stranger.keyboard.press("Enter");
  await stranger.getByText("its owners have to answer").waitFor();
  await page.reload();
  await page.getByRole("listitem", { name: `Request of ${other}` }).getByRole("button", { name: "Offer it, to read" }).click();
  await page.getByText(`It is offered to ${other}`).waitFor();
  await stranger.reload();
  await stranger.getByRole("link", { name: /Shared with me 1 offer waits/ }).waitFor();

  await page.getByRole("button", { name: `About tiles ${word}` }).click();
  await page.getByLabel("Everybody reads it").check();
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
