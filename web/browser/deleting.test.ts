import { expect, test } from "vitest";
import { grid, row } from "./entries";
import { as, Caller, person, project, url } from "./house";

test("what is in the trash is restored where it was", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  await caller.put(`/Projects/${p}/Logs/deep/er/run.log`, "x");
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await row(page, "deep").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: "Open trash" }).click();
  for (const name of ["Projects", p, "Logs"]) await row(page, name).getByRole("link").click();
  await row(page, "deep").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("“deep” restored.").waitFor();
  expect((await caller.get(`/Projects/${p}/Logs/deep/er/run.log`)).toString()).toBe("x");
});

test("what lies in a folder that is called as a deleted file was can be deleted, and comes back", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  await caller.put(`${dir}/out`, "a file");
  const page = await as(user, `/files${dir}`, { failures: [403, 409] });
  const discard = async (name: string) => {
    await row(page, name).getByRole("checkbox").check();
    await page.getByRole("button", { name: "Move to trash" }).click();
    await page.getByText(`“${name}” moved to the trash.`).waitFor();
  };
  await discard("out");
  for (const name of ["out/x", "out/deep/y"]) await caller.put(`${dir}/${name}`, name);
  await page.goto(`${url}/files${dir}/out`);
  await discard("x");
  await page.goto(`${url}/files${dir}/out/deep`);
  await discard("y");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => caller.names(`${dir}/out/deep`)).toEqual(["y"]);
  await row(page, "y").waitFor();
  expect(await caller.names(`${dir}/out`)).toEqual(["deep"]);
  expect((await caller.get(`${dir}/out/deep/y`)).toString()).toBe("out/deep/y");
});

test("deleting many for good says how far it is, and stops when somebody stops it or leaves", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const trash = `/Projects/${p}/.Trash/${user}/Current`;
  for (let i = 0; i < 40; i++) await caller.put(`${trash}/f${String(i).padStart(2, "0")}`, "x");
  const page = await as(user, `/files${trash}`);
  let hold = (): void => undefined;
  const held = new Promise<void>((done) => {
    hold = done;
  });
  let asked = 0;
  await page.route("**/api/v1/fs/delete?*", async (route) => {
    asked++;
    if (asked > 8) await held;
    await route.continue();
  });
  await row(page, "f00").waitFor();
  const begin = async () => {
    await grid(page).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.getByRole("dialog").getByRole("button", { name: "Delete for good" }).click();
  };
  await begin();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("8 of 40 items deleted.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Stop" }).click();
  await dialog.getByRole("button", { name: "Stopping…" }).waitFor();
  hold();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("12 items deleted for good.").waitFor();
  expect(asked).toBe(12);

  // Who goes back leaves the dialog, and what is opened then stays open when the last answers come.
  let late = (): void => undefined;
  const gate = new Promise<void>((done) => {
    late = done;
  });
  await page.unroute("**/api/v1/fs/delete?*");
  await page.route("**/api/v1/fs/delete?*", async (route) => {
    asked++;
    await gate;
    await route.continue();
  });
  await page.getByText("28 items selected").or(page.getByText("28 items", { exact: true })).first().waitFor();
  await begin();
  await expect.poll(() => asked).toBe(16);
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  await grid(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.getByRole("heading", { name: /^Delete .* for good\?$/ }).waitFor();
  late();
  await page.getByText("4 items deleted for good.").waitFor();
  expect(await dialog.count()).toBe(1);
  expect(asked).toBe(16);
});

test("the page of a file is left when the file is gone, and a file in the trash is restored or deleted for good", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Logs`;
  const trash = `/Projects/${p}/.Trash/${user}/Current${dir}`;
  for (const name of ["a.txt", "b.txt"]) await caller.put(`${dir}/${name}`, name);
  const page = await as(user, `/files${dir}/a.txt`, { failures: [403, 404] }); // what is deleted may just be read
  const heading = (name: string) => page.getByRole("heading", { name, exact: true });
  const trashIt = page.getByRole("button", { name: "Move to trash" });
  await page.route("**/api/v1/fs/rename?*", (route) => route.fulfill({ status: 403, contentType: "application/json", body: JSON.stringify({ detail: "You may not." }) }));
  await trashIt.click();
  await page.getByText("“a.txt” could not be deleted. You may not.").waitFor();
  expect(await heading("a.txt").count()).toBe(1);
  await page.unroute("**/api/v1/fs/rename?*");
  await trashIt.click();
  await row(page, "b.txt").waitFor();

  await page.goto(`${url}/files${trash}/a.txt`);
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("“a.txt” restored.").waitFor();
  expect(await caller.names(dir)).toEqual(["a.txt", "b.txt"]);

  await page.goto(`${url}/files${dir}/b.txt`);
  await trashIt.click();
  await row(page, "a.txt").waitFor();
  await page.goto(`${url}/files${trash}/b.txt`);
  await page.getByRole("button", { name: "Delete for good" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await heading("b.txt").waitFor();
  expect(await trashIt.count()).toBe(0);
  await page.getByRole("button", { name: "Delete for good" }).click();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await page.getByText("“b.txt” deleted for good.").waitFor();
  await heading("b.txt").waitFor({ state: "detached" });
  expect(await caller.names(trash)).toEqual([]);
});

test("what is shared by others is deleted for good, since there is no trash for it, and a move of it leaves it where it is", async () => {
  const [ada, bob, carl] = [person(), person(), person()];
  const [from, to] = [project(ada), project(bob)];
  const giver = new Caller(ada);
  const dataset = `/Projects/${from}/Models`;
  for (const name of ["a.bin", "b.bin", "c.bin"]) await giver.put(`${dataset}/${name}`, name);
  await new Caller(bob).accept(await giver.share(from, dataset, { project: to, level: "edit" }));
  await new Caller(carl).accept(await giver.share(from, dataset, { user: carl, level: "edit" }));
  for (const [user, dir, name] of [[bob, `/Projects/${to}/Shared/${from}.Models`, "a.bin"], [carl, dataset, "b.bin"]] as const) {
    const page = await as(user, `/files${dir}`, { failures: [403, 404] });
    await row(page, name).getByRole("checkbox").check();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete for good" }).click();
    await page.getByText(`“${name}” deleted for good.`).waitFor();
    await page.goto(`${url}/files${dir}/c.bin`);
    await page.getByRole("button", { name: "Delete for good" }).waitFor();
    await page.goto(`${url}/files${dir}?open=move&of=c.bin&into=${user === bob ? `/Projects/${to}/Logs` : `/user/${user}`}`);
    await page.getByText("the originals stay").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Copy here" }).click();
    await page.getByText(/“c.bin” copied to/).first().waitFor();
  }
  expect(await giver.names(dataset)).toEqual(["c.bin"]);
  // Members have a trash there.
  const own = await as(ada, `/files${dataset}`);
  await row(own, "c.bin").getByRole("checkbox").check();
  await own.getByRole("button", { name: "Move to trash" }).click();
  await own.getByText("“c.bin” moved to the trash.").waitFor();
});
