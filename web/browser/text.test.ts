import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { as } from "./house";
import { content, open, place } from "./looking";

test("code is shown with its colours, by line, and text in it is found", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/train.py`, `import os\n\ndef train(rate):\n    return "slow" if rate < 3 else 7\n${"# filler\n".repeat(300)}needle = 1\n`);
  const page = await as(user, `/files${dir}`);
  await page.getByRole("link", { name: "train.py" }).click();
  await content(page).getByText("def train").waitFor();
  // Colours come of the language's grammar, and styles of adopted sheets: the policy allows no others.
  const colour = (text: string) => content(page).getByText(text, { exact: true }).evaluate((e) => getComputedStyle(e).color);
  await expect.poll(async () => (await colour("def")) !== (await colour('"slow"'))).toBe(true);
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).pressSequentially("needle?");
  await expect.poll(() => page.getByRole("textbox", { name: "Find" }).inputValue()).toBe("needle?"); // which is no key of the page's
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await content(page).getByText("needle").waitFor();
  await open(page, `${dir}/train.py`, "?line=305");
  await content(page).getByText("needle").waitFor();
  await expect.poll(() => page.locator(".cm-line.marked").textContent()).toBe("needle = 1");
  await open(page, `${dir}/train.py`, "?line=999");
  await page.getByText("There is no line 999.").waitFor();
});

test("marks that turn code around are shown in it", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/turned.py`, `access = "user\u202e \u2066# only for admins\u2069 \u2066"\n`);
  const page = await as(user, `/files${dir}/turned.py`);
  await content(page).getByText("only for admins").waitFor();
  expect(await page.locator(".cm-specialChar").count()).toBe(4);
});

test("of a long log the first megabyte comes, then more, or the end alone", async () => {
  const { user, dir, caller } = place();
  const line = (n: number) => `${String(n).padStart(8, "0")} step of a training that takes long\n`;
  const log = Array.from({ length: 60_000 }, (_, i) => line(i + 1)).join("");
  await caller.put(`${dir}/run.log`, log);
  const page = await as(user, "/");
  const ranges: string[] = [];
  page.on("request", (r) => r.url().includes("/fs/open") && ranges.push(r.headers()["range"] ?? "all"));
  await open(page, `${dir}/run.log`);
  await page.getByText("Only the first 1.00 MiB of 2.52 MiB are shown.").waitFor();
  expect(ranges).toEqual(["bytes=0-1048575"]);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByText("Only the first 2.00 MiB of 2.52 MiB are shown.").waitFor();
  await page.getByRole("button", { name: "Show end" }).click();
  await page.getByText("Only the last 1.00 MiB of 2.52 MiB are shown.").waitFor();
  await content(page).getByText("00060000 step").waitFor();
  expect(ranges.slice(1)).toEqual(["bytes=1048576-2097151", "bytes=-1048576"]);
  await caller.append(`${dir}/run.log`, Buffer.from("the end\n"));
  await page.getByRole("button", { name: "Reload" }).click();
  await content(page).getByText("the end").waitFor();
});

test("who has gone on from a line is not led back to it when more is read", async () => {
  const { user, dir, caller } = place();
  const line = (n: number) => `${String(n).padStart(8, "0")} step of a training that takes long\n`;
  await caller.put(`${dir}/run.log`, Array.from({ length: 60_000 }, (_, i) => line(i + 1)).join(""));
  const page = await as(user, `/files${dir}/run.log?line=20000`);
  const scroller = page.locator(".cm-scroller");
  const at = () => scroller.evaluate((e) => e.scrollTop);
  await content(page).locator(".marked").getByText("00020000 step").waitFor();
  await expect.poll(at).toBeGreaterThan(100_000);
  for (const [name, done] of [["Show more", "Only the first 2.00 MiB"], ["Reload", "Only the first 2.00 MiB"]] as const) {
    await scroller.evaluate((e) => (e.scrollTop = 1_000));
    await content(page).getByText("00000060 step").waitFor();
    const read = page.waitForResponse((r) => r.url().includes("/fs/open")).then((r) => r.finished());
    await page.getByRole("button", { name }).click();
    await read;
    await page.getByText(done).waitFor();
    await page.locator("button[aria-label=Reload]:enabled").waitFor();
    expect(await at()).toBeLessThan(2_000);
  }
  await open(page, `${dir}/run.log`, "?line=30000");
  await page.getByText("Line 30,000 is not loaded yet.").waitFor();
  await page.getByRole("button", { name: "Show more" }).click();
  await content(page).locator(".marked").getByText("00030000 step").waitFor();
});

test("lines that a progress bar wrote over each other are lines, which are counted and not cut", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/bar.log`, `start\n${Array.from({ length: 400 }, (_, i) => `epoch ${i} of 400`).join("\r")}\r\nend\n`);
  const page = await as(user, `/files${dir}/bar.log`);
  await content(page).getByText("epoch 3 of 400").waitFor();
  await open(page, `${dir}/bar.log`, "?line=401");
  await expect.poll(() => page.locator(".cm-line.marked").textContent()).toBe("epoch 399 of 400");
  expect(await page.locator(".look-note").count()).toBe(0);
});

test("two parts are of one state of the file, or it is said that it changed", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/a.txt`, "a".repeat(80).concat("\n").repeat(30_000));
  const page = await as(user, `/files${dir}/a.txt`, { failures: [412] });
  await page.getByRole("button", { name: "Show more" }).waitFor();
  await caller.put(`${dir}/a.txt`, "b".repeat(80).concat("\n").repeat(30_000));
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByText("The file changed while it was being read.").waitFor();
  await page.getByRole("button", { name: "Reload" }).click();
  await content(page).getByText("bbbb").first().waitFor();
});

test("a file that changes stays as one looks at it, search and all, until the new content is asked for", async () => {
  const { user, dir, caller } = place();
  const lines = (from: number) => Array.from({ length: 1_000 }, (_, i) => `step ${from + i}\n`).join("");
  await caller.put(`${dir}/run.log`, lines(1));
  const page = await as(user, `/files${dir}/run.log`);
  await content(page).getByText("step 1", { exact: true }).waitFor();
  const scroller = page.locator(".cm-scroller");
  await page.keyboard.press("Control+f");
  await scroller.evaluate((e) => (e.scrollTop = 4_000));
  await caller.append(`${dir}/run.log`, Buffer.from(lines(1_001)));
  const changed = page.getByText("The file has changed.");
  await comeBack(page, changed);
  expect(await scroller.evaluate((e) => e.scrollTop)).toBeGreaterThan(3_000); // not at the start; the editor knows the height of lines only once it has shown them
  await page.getByRole("textbox", { name: "Find" }).waitFor();
  await page.getByRole("button", { name: "Show the new content" }).click();
  await expect.poll(() => scroller.evaluate((e) => (e.scrollTop = e.scrollHeight))).toBeGreaterThan(20_000);
  await content(page).getByText("step 2000", { exact: true }).waitFor();
  expect(await changed.count()).toBe(0);

  // Who comes from elsewhere sees what is there now.
  await page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: "Resources" }).click();
  await page.getByRole("link", { name: "run.log" }).waitFor();
  await caller.put(`${dir}/run.log`, "another run\n");
  await page.getByRole("link", { name: "run.log" }).click();
  await content(page).getByText("another run").waitFor();
  await caller.put(`${dir}/run.log`, "");
  await comeBack(page, changed);
  await page.getByRole("button", { name: "Show the new content" }).click();
  await page.getByText("This file has no content.").waitFor();
  await caller.put(`${dir}/run.log`, "it begins\n");
  await comeBack(page, content(page).getByText("it begins"));
});

test("other encodings are said, and what is no text is shown as bytes", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/old.txt`, new Uint8Array([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x0a]));
  await caller.put(`${dir}/what`, new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]));
  await caller.put(`${dir}/model.onnx`, "PK and more");
  await caller.put(`${dir}/nothing`, "");
  const page = await as(user, `/files${dir}/old.txt`);
  await content(page).getByText("Größe").waitFor();
  await page.getByText("not UTF-8, shown as Windows-1252").waitFor();
  await open(page, `${dir}/what`);
  await page.getByText("7f 45 4c 46 00").waitFor();
  await open(page, `${dir}/model.onnx`);
  await page.getByText("There is no preview for this type of file.").waitFor();
  await open(page, `${dir}/nothing`);
  await page.getByRole("heading", { name: "Empty file" }).waitFor();
});

/** Comes back to the page until something is there, as it is once the page has read again what is some seconds old. */
async function comeBack(page: Page, what: Locator): Promise<void> {
  await expect
    .poll(async () => {
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
      return what.count();
    })
    .toBeGreaterThan(0);
}
