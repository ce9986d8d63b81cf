import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, live } from "./house";
import { content, open, place } from "./looking";
import { picture, sound } from "./samples";

test("Markdown is rendered: links lead to files, images are those beside it, and its source can be read", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/docs/shape.png`, picture(30, 20, () => [200, 60, 60]));
  await caller.put(`${dir}/docs/notes.md`, "# Notes\n\nSee [the run](../run.log), [the site](https://example.org/x) and [below](#how-it-is-made).\n\n![a shape](shape.png)\n\n|a|b|\n|-|-|\n|1|2|\n\n- [x] done\n\n## How it is made\n\n```py\nx = 1\n```\n");
  await caller.put(`${dir}/run.log`, "step 1\n");
  const page = await as(user, `/files${dir}/docs/notes.md`);
  await page.getByRole("heading", { level: 2, name: "Notes" }).waitFor();
  await page.getByRole("cell", { name: "2" }).waitFor();
  const shape = page.getByRole("img", { name: "a shape" });
  await expect.poll(() => shape.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([30, 20]);
  const outside = page.getByRole("link", { name: "the site" });
  expect([await outside.getAttribute("target"), await outside.getAttribute("rel")]).toEqual(["_blank", "noopener noreferrer"]);
  await page.getByRole("button", { name: "Source" }).click();
  await content(page).getByText("[the run](../run.log)").waitFor();
  await page.getByRole("button", { name: "Rendered" }).click();
  await page.getByRole("link", { name: "the run" }).click();
  await content(page).getByText("step 1").waitFor();
});

test("a link to a heading leads there in any language", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/guide.md`, `# Guide\n\n[Über uns](#über-uns)\n\n${"A line.\n\n".repeat(200)}## Über uns\n\nWir.\n`);
  const page = await as(user, `/files${dir}/guide.md`);
  const heading = page.getByRole("heading", { name: "Über uns" });
  await heading.waitFor();
  const inView = async () => ((await heading.boundingBox())?.y ?? Infinity) < 800;
  expect(await inView()).toBe(false);
  await page.getByRole("link", { name: "Über uns" }).click();
  await expect.poll(inView).toBe(true);
});

test("a README stands below its folder's listing, follows its changes, and can be put away", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/README.md`, "# Birds\n\nRecorded at dawn. [One](a.txt)\n");
  await caller.put(`${dir}/a.txt`, "a");
  const page = await live(user, `/files${dir}`);
  const panel = page.getByRole("region", { name: "README", exact: true });
  await panel.getByRole("heading", { name: "Birds" }).waitFor();
  await page.getByRole("grid").getByRole("link", { name: "a.txt" }).waitFor();
  await caller.put(`${dir}/README.md`, "# Birds of the north\n");
  await panel.getByRole("heading", { name: "Birds of the north" }).waitFor();
  await panel.getByRole("button", { name: "README" }).click();
  await panel.getByRole("heading").waitFor({ state: "detached" });
  await page.reload();
  await panel.getByRole("button", { name: "README", expanded: false }).waitFor();
});

test("Markdown that takes for ever to read is shown as text, and the page answers meanwhile", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/slow.md`, "*a_ ".repeat(60_000));
  await caller.put(`${dir}/deep.md`, `${">".repeat(20_000)} x`);
  const page = await as(user, `/files${dir}/slow.md`);
  await page.getByRole("status", { name: "Rendering Markdown" }).waitFor();
  const asked = Date.now();
  await page.evaluate("1 + 1");
  expect(Date.now() - asked).toBeLessThan(10_000); // reading it takes minutes
  await page.getByText("parsing takes too long").waitFor();
  await page.getByText("*a_ *a_ *a_").waitFor();
  await open(page, `${dir}/deep.md`);
  await page.getByText("its elements are nested too deeply").waitFor();
});

test("Markdown waits for a parser that takes long to load", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/slow.md`, "# A heading\n");
  const page = await as(user, `/files${dir}`);
  await page.route("**/parse.worker.js", async (route) => {
    await new Promise((done) => setTimeout(done, 6_000));
    await route.continue();
  });
  await page.getByRole("link", { name: "slow.md" }).click();
  await page.getByText("A heading").waitFor();
  expect(await page.getByText("cannot be rendered").count()).toBe(0);
  expect(await page.getByRole("heading", { name: "A heading" }).count()).toBe(1);
});

test("JSON is a tree that opens, in which things are found; its numbers are those of the file", async () => {
  const { user, dir, caller } = place();
  const runs = Array.from({ length: 3_000 }, (_, i) => `{"name":"run ${i}","loss":${i / 8},"tags":["a",{"deep":"value ${i}"}]}`);
  await caller.put(`${dir}/runs.json`, `{"id":12345678901234567890,"runs":[${runs.join(",")}]}`);
  const page = await as(user, `/files${dir}/runs.json`);
  const tree = page.getByRole("tree", { name: "File contents" });
  await tree.getByText("12345678901234567890").waitFor();
  await tree.getByRole("treeitem", { name: /^runs/ }).click();
  await tree.getByRole("treeitem", { name: /^0/ }).waitFor();
  expect(await tree.getByRole("treeitem").count()).toBeLessThan(80);
  const find = page.getByRole("searchbox", { name: "Find keys and values" });
  await find.fill("value 2345");
  await page.getByText("1 match").waitFor();
  await find.press("Enter");
  await tree.getByText("value 2345").waitFor();
  const found = tree.getByRole("treeitem", { name: /^2345/ }); // of which only those in view are in the page
  expect([await found.getAttribute("aria-posinset"), await found.getAttribute("aria-setsize")]).toEqual(["2346", "3000"]);
  await page.getByTitle(".runs[2345].tags[1].deep").waitFor();
  await tree.focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByTitle(".runs[2345].tags[1]", { exact: true }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await tree.getByText("value 2345").waitFor({ state: "detached" });
});

test("JSON lines are a tree of lines, and JSON that is none is text", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/log.jsonl`, '{"step":1}\n{"step":2}\nno json\n');
  await caller.put(`${dir}/broken.json`, '{"step": 1,}');
  const page = await as(user, `/files${dir}/log.jsonl`);
  await page.getByRole("treeitem", { name: /^1/ }).click();
  await page.getByRole("treeitem", { name: /step.*2/ }).waitFor();
  await page.getByRole("treeitem", { name: /^2/ }).click();
  await page.getByText("This line is not valid JSON").waitFor();
  await caller.put(`${dir}/blank.jsonl`, "\n\n");
  await open(page, `${dir}/blank.jsonl`);
  await page.getByRole("treeitem", { name: "[]" }).waitFor(); // not "the first line is too long"
  await open(page, `${dir}/broken.json`);
  await page.getByText("This file is not valid JSON").waitFor();
  await content(page).getByText('"step"').waitFor();
});

test("images are shown whole or pixel by pixel, and the arrow keys lead through the folder", async () => {
  const { user, dir, caller } = place();
  for (const [name, red] of [["shot2.png", 80], ["shot10.png", 160], ["shot9.png", 240]] as const) await caller.put(`${dir}/${name}`, picture(1600, 40, (x) => [red, x % 256, 90]));
  await caller.put(`${dir}/notes.txt`, "no image");
  await caller.put(`${dir}/plot.svg`, '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60" style="fill:#008080"/></svg>');
  const page = await as(user, `/files${dir}/shot2.png`);
  const image = page.getByRole("img", { name: "shot2.png" });
  await page.getByText("1,600 × 40 pixels, PNG").waitFor();
  await expect.poll(async () => (await image.boundingBox())?.width).toBeLessThan(1000);
  await page.getByRole("button", { name: "Actual size" }).click();
  await expect.poll(async () => (await image.boundingBox())?.width).toBe(1600);
  await page.getByRole("button", { name: "Fit" }).click();
  await page.getByText("1 of 3").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("img", { name: "shot9.png" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("img", { name: "shot10.png" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: /^Previous image/ }).click();
  await page.getByRole("img", { name: "shot9.png" }).waitFor();
  await page.getByRole("separator", { name: "Sidebar width" }).press("ArrowLeft"); // which has a meaning of its own there
  expect(page.url()).toContain("shot9.png");
  await open(page, `${dir}/plot.svg`);
  const plot = page.getByRole("img", { name: "plot.svg" });
  await expect.poll(() => plot.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(120);
  // Its styles are of the image, and not of the page, which allows no inline ones.
  const pixel = await plot.evaluate((img: HTMLImageElement) => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas?.drawImage(img, 0, 0);
    return [...(canvas?.getImageData(5, 5, 1, 1).data ?? [])];
  });
  expect(pixel).toEqual([0, 128, 128, 255]);
  await page.getByRole("button", { name: "Source" }).click();
  await content(page).getByText("#008080").waitFor();
});

test("sound plays from where one goes to, and only the parts that are played are asked for", async () => {
  const { user, dir, caller } = place();
  const long = sound(1_000); // 16 MB
  await caller.put(`${dir}/talk.wav`, long);
  const page = await as(user, `/files${dir}`);
  const asked: { range: string; status: number; type: string }[] = [];
  page.on("response", (r) => {
    if (r.url().includes("/fs/open")) asked.push({ range: r.request().headers()["range"] ?? "", status: r.status(), type: r.headers()["content-type"] ?? "" });
  });
  const received = await counted(page);
  await page.getByRole("link", { name: "talk.wav" }).click();
  const player = page.getByLabel("talk.wav", { exact: true }).and(page.locator("audio"));
  await expect.poll(() => player.evaluate((a: HTMLAudioElement) => Math.round(a.duration))).toBe(1_000);
  await player.evaluate((a: HTMLAudioElement) => {
    a.muted = true;
    a.currentTime = 950;
    return a.play();
  });
  await expect.poll(() => player.evaluate((a: HTMLAudioElement) => a.currentTime)).toBeGreaterThan(950.2);
  expect(asked.every((a) => a.status === 206 && a.type === "audio/wav")).toBe(true);
  expect(asked.some((a) => Number(/^bytes=(\d+)-/.exec(a.range)?.[1] ?? 0) > 12_000_000)).toBe(true);
  expect(received()).toBeLessThan(long.length / 2);
});

test("a film that is none is said to be none", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/no.mp4`, "<script>no film</script>");
  const page = await as(user, `/files${dir}`);
  await page.getByRole("link", { name: "no.mp4" }).click();
  await page.getByRole("heading", { name: "Cannot be played" }).waitFor();
  await page.getByText("the file is not what its name says").waitFor();
});

test("a film that is refused is told with the reason, and is played when it may be", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/film.webm`, new Uint8Array(readFileSync(join(import.meta.dirname, "film.webm"))));
  const page = await as(user, `/files${dir}`, { failures: [503] });
  await page.route("**/api/v1/fs/open?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "Too much is under way. Try again." }) }));
  await page.getByRole("link", { name: "film.webm" }).click();
  await page.getByRole("heading", { name: "Cannot be played" }).waitFor();
  await page.getByText("Too much is under way. Try again.").waitFor();
  await page.unroute("**/api/v1/fs/open?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText(/^\d+ × \d+ pixels$/).waitFor();
});

test("a sound that could not be played on goes on where it was", async () => {
  const { user, dir, caller } = place();
  await caller.put(`${dir}/talk.wav`, sound(1_000));
  const page = await as(user, `/files${dir}/talk.wav`, { failures: [503] });
  const player = page.getByLabel("talk.wav", { exact: true }).and(page.locator("audio"));
  await expect.poll(() => player.evaluate((a: HTMLAudioElement) => Math.round(a.duration))).toBe(1_000);
  const refused = JSON.stringify({ detail: "Too much is under way. Try again." });
  await page.route("**/api/v1/fs/open?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: refused }));
  await player.evaluate((a: HTMLAudioElement) => (a.currentTime = 700));
  const words = page.getByText("Too much is under way. Try again.");
  await words.waitFor();
  await page.getByRole("button", { name: "Try again" }).click(); // is refused before it begins
  await words.waitFor();
  await page.unroute("**/api/v1/fs/open?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => player.evaluate((a: HTMLAudioElement) => Math.round(a.currentTime))).toBe(700);
});

/** Counts the bytes that a page receives. */
async function counted(page: Page): Promise<() => number> {
  let bytes = 0;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  devtools.on("Network.dataReceived", (e) => (bytes += e.dataLength));
  return () => bytes;
}
