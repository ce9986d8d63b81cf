import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, url } from "./house";
import { event, head, image, png, scalar } from "./tfevents";
import { loss, ring, steps, training } from "./training";

/** The chart of a tag. */
function chart(page: Page, tag: string) {
  return page.getByRole("article", { name: tag, exact: true });
}

/** How many points a chart has, of all runs that are shown. */
async function points(page: Page, tag: string): Promise<number> {
  return Number(await chart(page, tag).getAttribute("data-points"));
}

/** The picture of a chart's lines. */
async function drawing(page: Page, tag: string): Promise<string> {
  return chart(page, tag).locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

test("the curves of a running training grow without a reload", async () => {
  const { user, dir, caller } = training();
  await caller.put(`${dir}/run/events.out.tfevents.1.host`, steps(1, 20, 0.02));
  const page = await as(user, `/files${dir}`);
  await page.getByRole("navigation", { name: "Views of this folder" }).getByRole("link", { name: "Scalars" }).click();
  await expect.poll(() => points(page, "train/loss")).toBe(20);
  await page.evaluate("window.mark = 'the same page'");
  let before = await drawing(page, "train/loss");
  for (let last = 30; last <= 50; last += 10) {
    await caller.append(`${dir}/run/events.out.tfevents.1.host`, steps(last - 9, last, 0.02));
    await expect.poll(() => points(page, "train/loss")).toBe(last);
    await expect.poll(() => drawing(page, "train/loss")).not.toBe(before);
    before = await drawing(page, "train/loss");
  }
  // A run that begins meanwhile appears, too, with a tag that nobody had.
  await caller.put(`${dir}/second/events.out.tfevents.1.host`, event(1, 1, scalar("train/loss", 1), scalar("new", 2)));
  await expect.poll(() => points(page, "train/loss")).toBe(51);
  await chart(page, "new").waitFor();
  expect(await page.evaluate("window.mark")).toBe("the same page");
});

test("runs are compared, and how one looks at them is in the address", async () => {
  const { user, dir, caller } = training();
  for (const [name, rate] of [["lr-0.1", 0.05], ["lr-0.2", 0.02], ["other/deep", 0.01]] as const) {
    await caller.put(`${dir}/${name}/events.out.tfevents.1.host`, steps(0, 200, rate));
  }
  const page = await as(user, `/files${dir}?tab=scalars`);
  await expect.poll(() => points(page, "train/loss")).toBe(3 * 201);
  const all = await drawing(page, "train/loss");
  await page.getByRole("checkbox", { name: "other/deep" }).uncheck();
  await expect.poll(() => points(page, "train/loss")).toBe(2 * 201);
  await expect.poll(() => drawing(page, "train/loss")).not.toBe(all);

  await page.getByRole("slider", { name: "Smoothing" }).fill("0.9");
  await page.getByRole("checkbox", { name: "Log scale" }).check();
  await page.getByRole("radio", { name: "Time" }).check({ force: true });
  await page.getByLabel("Filter tags by regular expression").fill("loss$");
  await expect.poll(() => page.getByRole("article").count()).toBe(2);

  // Dragging zooms all charts, the two clicks show all again.
  const box = await chart(page, "train/loss").locator(".u-over").boundingBox();
  if (box === null) throw new Error("the chart is not drawn");
  const whole = await drawing(page, "validation/loss");
  await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: /^Zoom: .*(min|s) to/ }).waitFor();
  await expect.poll(() => drawing(page, "validation/loss")).not.toBe(whole);
  const tip = chart(page, "train/loss").getByRole("table");
  await expect.poll(() => tip.getByRole("row").count()).toBe(3);
  expect(await tip.innerText()).toMatch(/lr-0\.1[\s\S]*lr-0\.2/);

  await chart(page, "train/loss").getByRole("button", { name: "to the full width" }).click();
  const address = new URL(page.url());
  expect(Object.fromEntries(address.searchParams)).toMatchObject({ tab: "scalars", smooth: "0.9", log: "y", x: "relative", tags: "loss$", runs: "-other/deep", wide: "train/loss", zoom: expect.stringMatching(/^\d+.*\.\.\d+/) as unknown });
  await page.mouse.move(0, 0);
  const before = await drawing(page, "train/loss");
  await page.reload();
  await expect.poll(() => points(page, "train/loss")).toBe(2 * 201);
  expect(page.url()).toBe(address.href);
  expect(await page.getByRole("slider", { name: "Smoothing" }).inputValue()).toBe("0.9");
  expect(await page.getByRole("checkbox", { name: "Log scale" }).isChecked()).toBe(true);
  expect(await page.getByRole("checkbox", { name: "other/deep" }).isChecked()).toBe(false);
  await page.mouse.move(0, 0);
  await expect.poll(() => drawing(page, "train/loss")).toBe(before);

  await chart(page, "train/loss").locator(".u-over").dblclick();
  await expect.poll(() => new URL(page.url()).searchParams.has("zoom")).toBe(false);
  await expect.poll(() => drawing(page, "validation/loss")).toBe(whole);

  // A filter that is none is said to be, and hides nothing.
  await page.getByLabel("Filter tags by regular expression").fill("(loss");
  await page.getByText("This is not a valid regular expression").waitFor();
  expect(await page.getByRole("article").count()).toBeGreaterThan(2);
});

test("by keyboard, as a table and as CSV", async () => {
  const { user, dir, caller } = training();
  await caller.put(`${dir}/tfevents`, Buffer.concat([steps(1, 40, 0.02), event(9, 41, scalar("train/loss", NaN), scalar("odd", Infinity))]));
  const page = await as(user, `/files${dir}?tab=scalars&tags=loss|odd`);
  await expect.poll(() => points(page, "train/loss")).toBe(41);
  await chart(page, "train/loss").getByRole("img").focus();
  await page.keyboard.press("ArrowRight");
  await chart(page, "train/loss").getByRole("table").waitFor();
  await page.keyboard.press("Control+="); // enlarges the page
  expect(new URL(page.url()).searchParams.has("zoom")).toBe(false);
  await page.keyboard.press("+");
  await expect.poll(() => new URL(page.url()).searchParams.has("zoom")).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => new URL(page.url()).searchParams.has("zoom")).toBe(false);
  await chart(page, "train/loss").getByRole("button", { name: "as a table" }).press("Enter");
  const table = chart(page, "train/loss").getByRole("region", { name: "Values" });
  expect(await table.innerText()).toMatch(/NaN[\s\S]*41/);

  const coming = page.waitForEvent("download");
  await chart(page, "train/loss").getByRole("link", { name: "as CSV" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("train_loss.csv");
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  expect(lines[0]).toBe("run,step,wall_time,value");
  const read = lines.slice(1).map((line) => line.split(","));
  expect(read.map(([run]) => run)).toEqual(Array<string>(41).fill("."));
  expect(read.slice(0, 40).map(([, step, , value]) => [Number(step), Number(value)])).toEqual(
    Array.from({ length: 40 }, (_, i) => [i + 1, Math.fround(loss(i + 1, 0.02))]),
  );
  expect(read[40]).toEqual([".", "41", "9", "NaN"]);
});

test("images by step, of several runs at once", async () => {
  const { user, dir, caller } = training();
  for (const name of ["a", "b"]) {
    await caller.put(`${dir}/${name}/tfevents`, Buffer.concat([10, 20, 30].map((step) => ring("sample", step))));
  }
  const page = await as(user, `/files${dir}?tab=images`);
  const shot = (run: string) => page.getByRole("img", { name: new RegExp(`sample of ${run}, step`) });
  await expect.poll(() => shot("a").getAttribute("alt")).toBe("sample of a, step 30");
  expect(await shot("a").evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(48);
  await page.getByRole("article", { name: "sample of a" }).getByRole("slider").press("ArrowLeft");
  await expect.poll(() => shot("b").getAttribute("alt")).toBe("sample of b, step 20");
  expect(new URL(page.url()).searchParams.get("step")).toBe("20");
  await page.reload();
  await expect.poll(() => shot("b").getAttribute("alt")).toBe("sample of b, step 20");
  await page.getByRole("article", { name: "sample of a" }).getByRole("slider").press("End");
  await caller.append(`${dir}/b/tfevents`, ring("sample", 40));
  await expect.poll(() => shot("b").getAttribute("alt")).toBe("sample of b, step 40");
});

test("hostile event files are refused with words, and what is whole is shown", async () => {
  const { user, dir, caller } = training();
  const good = steps(1, 5, 0.1);
  const bad = Buffer.from(good);
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
  await caller.put(`${dir}/checksum/tfevents`, Buffer.concat([good, bad]));
  await caller.put(`${dir}/length/tfevents`, Buffer.concat([good, head(4n << 30n)]));
  await caller.put(`${dir}/html/tfevents`, Buffer.from("<!doctype html><script>document.title='run'</script>"));
  const script = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='run'"/>`);
  await caller.put(`${dir}/pictures/tfevents`, Buffer.concat([event(1, 1, image("x", 9, 9, script)), event(1, 2, image("y", 2, 2, png(2, () => 9)))]));
  const page = await as(user, `/files${dir}?tab=scalars`, { failures: [404, 409] }); // 404: an icon, which browsers ask for beside a page that is none
  await expect.poll(() => points(page, "train/loss")).toBe(5 + 4 + 5);
  const notes = page.getByRole("list", { name: "Notes on missing data" });
  // A list of runs that came while files were still being read is read again.
  await expect.poll(() => notes.innerText()).toMatch(/checksum: tfevents: .* has a checksum that does not match/);
  await expect.poll(() => notes.innerText()).toMatch(/length: tfevents: .* says that it has 4294967296 bytes; at most \d+ are read/);
  await expect.poll(() => notes.innerText()).toMatch(/html: tfevents: .* is no event file/);
  await chart(page, "train/loss").getByRole("link", { name: "as CSV" }).click();
  await page.getByText(/train\/loss could not be downloaded\. Of \S+\/checksum\/tfevents not all can be exported\./).waitFor();
  await page.getByRole("link", { name: "Images" }).click();
  await page.getByText("is no PNG, JPEG or GIF").waitFor();
  expect(await page.getByRole("img", { name: "y of pictures" }).evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(2);
  // Not even somebody who is led there gets a page.
  const answer = await page.goto(`${url}/api/v1/images/content?path=${dir}&run=pictures&tag=x&step=1`);
  expect([answer?.status(), answer?.headers()["content-type"]]).toEqual([409, "application/problem+json"]);
  expect(await page.title()).not.toBe("run");
});

test("steps and times that no axis was made for, such as nanoseconds, do not hang the page", async () => {
  const { user, dir, caller } = training();
  const now = 1_700_000_000_000_000_000;
  await caller.put(`${dir}/one/tfevents`, event(1, now, scalar("one step", 1)));
  await caller.put(`${dir}/times/tfevents`, Buffer.concat([1, 2].map((i) => event(now + i, i, scalar("times", i)))));
  const page = await as(user, `/files${dir}?tab=scalars`);
  const answers = async (tag: string, count: number) => {
    await expect.poll(() => points(page, tag)).toBe(count);
    await chart(page, tag).locator("canvas").waitFor();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  };
  await answers("one step", 1);
  await page.goto(`${url}/files${dir}?tab=scalars&x=wall`);
  await answers("times", 2);
  await page.goto(`${url}/files${dir}?tab=scalars&zoom=${now}..${now + 256}`);
  await answers("one step", 1);
});

test("values of any size are drawn on a logarithmic axis, and do not hang the page", async () => {
  const { user, dir, caller } = training();
  const ranges = [[5e-45, 5e-7], [3e-34, 3e-31], [8e-27, 2e-24], [1e-45, 3e38], [1e31, 3e38]];
  await caller.put(`${dir}/run/tfevents`, Buffer.concat([0, 1].map((step) => event(step, step, ...ranges.map((range, i) => scalar(`norm/${i}`, range[step] ?? 0))))));
  const page = await as(user, `/files${dir}?tab=scalars&log=y`);
  for (let i = 0; i < ranges.length; i++) {
    await chart(page, `norm/${i}`).scrollIntoViewIfNeeded();
    await expect.poll(() => points(page, `norm/${i}`)).toBe(2);
    await chart(page, `norm/${i}`).locator("canvas").waitFor();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
});

test("tabs are where curves are, and the way to TensorBoard is one line without a secret", async () => {
  const { user, dir, caller } = training();
  await caller.mkdirs(`${dir}/data/deep`);
  const many = Array.from({ length: 60 }, (_, i) => scalar(`many/${i}`, i));
  await caller.put(`${dir}/runs/a/tfevents`, Buffer.concat([event(1, 1, ...many), steps(1, 2, 0.1)]));
  const page = await as(user);
  await Promise.all([page.waitForResponse((r) => r.url().includes("/runs/any")), page.goto(`${url}/files${dir}/data`)]);
  await page.getByRole("link", { name: "deep" }).waitFor();
  expect(await page.getByRole("link", { name: "Scalars" }).count()).toBe(0);
  await page.goto(`${url}/files${dir}`);
  await page.getByRole("link", { name: "Scalars" }).click();
  await expect.poll(() => points(page, "many/0")).toBe(1);
  // Charts are there when they are looked at, and no others.
  await expect.poll(() => page.getByRole("article").count()).toBe(63);
  expect(await page.locator("canvas").count()).toBeLessThan(16);
  await chart(page, "train/loss").scrollIntoViewIfNeeded();
  await expect.poll(() => points(page, "train/loss")).toBe(2);
  expect(await page.locator("canvas").count()).toBeLessThan(16);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Open in TensorBoard" }).click();
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const { host } = new URL(url);
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
    `FSSPEC_WEBHDFS='{"token":"'"$GRANARY_TOKEN"'"}' tensorboard --logdir 'webhdfs://${host}${dir}'`,
  );
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Files", exact: true }).click();
  await page.getByRole("grid").waitFor();
});
