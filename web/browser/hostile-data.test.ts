import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { trap } from "./hostile";
import { as, Caller, person, project, url } from "./house";
import { lying, parquet, swollen } from "./parquet";
import { safetensors } from "./safetensors";

const elsewhere = trap();

function desk(): { user: string; dir: string; caller: Caller } {
  const user = person();
  return { user, dir: `/Projects/${project(user)}/Resources`, caller: new Caller(user) };
}

/** Whether a page, or a frame in it, ran something that it should not have. */
const ran = (page: Page): Promise<unknown> => page.evaluate("window.ran");

const status = (page: Page) => page.locator(".table-notes");

/** How many bytes are asked for by ranges from now on, and where the last of them lies. */
function asked(page: Page): { bytes: number; last: number } {
  const sum = { bytes: 0, last: 0 };
  page.on("request", (r) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(r.headers()["range"] ?? "");
    if (range === null) return;
    sum.bytes += Number(range[2]) + 1 - Number(range[1]);
    sum.last = Math.max(sum.last, Number(range[2]));
  });
  return sum;
}

/** Waits until a page has drawn what it is about to, and has been answered: what it asked for by then has been asked. */
async function settled(page: Page): Promise<void> {
  for (let i = 0; i < 3; i++) await page.evaluate(`new Promise((done) => requestAnimationFrame(() => fetch("/assets/index.js?${i}").then((a) => a.text()).then(done)))`);
}

test("cells of a table are text, whatever is in them", async () => {
  const { user, dir, caller } = desk();
  const { at } = elsewhere;
  elsewhere.asked.length = 0;
  const run = `window.top.ran='cell';fetch('${at}/cell')`;
  const cells = [`=HYPERLINK(""${at}/formula"",""x"")`, `<img src=${at}/img onerror=""${run}"">`, "invoice\u202egnp.exe", "<script>alert(1)</script>", "a\u0000b\u200bc"];
  await caller.put(`${dir}/cells.csv`, `name,<b>value</b>\u202e\n${cells.map((cell, i) => `${i},"${cell}"`).join("\n")}\n`);
  await caller.put(`${dir}/cells.parquet`, parquet([{ name: "<script>name</script>\u202e", data: cells, type: "STRING" }, { name: "__proto__", data: cells, type: "STRING" }], 10));
  const page = await as(user, `/files${dir}/cells.csv`);
  await status(page).getByText("All 5 rows").waitFor();
  const seen = ['=HYPERLINK("', '<img src=', "invoice⟨202E⟩gnp.exe", "<script>alert(1)</script>", "a⟨0000⟩b⟨200B⟩c"];
  const column = (n: number) => page.getByRole("row").locator(`[aria-colindex="${n}"]`).allInnerTexts();
  expect((await column(3))[0]).toContain("<b>value</b>⟨202E⟩");
  expect((await column(3)).slice(1).map((text, i) => text.startsWith(seen[i] ?? "?"))).toEqual(seen.map(() => true));
  await page.getByRole("gridcell", { name: "<img src=" }).dblclick();
  await page.getByRole("dialog").getByText("<img src=").waitFor();
  await page.goto(`${url}/files${dir}/cells.parquet`);
  await expect.poll(async () => (await column(2))[3]).toBe("invoice⟨202E⟩gnp.exe");
  expect((await column(3))[0]).toContain("__proto__");
  await page.getByRole("button", { name: "Schema" }).click();
  await page.getByText("<script>name</script>⟨202E⟩").waitFor();
  await settled(page);
  await caller.put(`${dir}/cells.safetensors`, safetensors({ [`<img src=${at}/img onerror="${run}">\u202e`]: [2] }, { "<b>note</b>": `<script>${run}</script>` }));
  await page.goto(`${url}/files${dir}/cells.safetensors`);
  await page.getByText(`onerror="${run}">⟨202E⟩`).waitFor();
  await page.getByText("<b>note</b>").waitFor();
  await settled(page);
  expect([await ran(page), elsewhere.asked]).toEqual([undefined, []]);
});

test("300 MB of a table in one line are cut, and the page answers meanwhile", async () => {
  const { user, dir, caller } = desk();
  const piece = new Uint8Array(Buffer.from("word,12345,".repeat(5_500_000))); // 60.5 MB
  await caller.put(`${dir}/line.csv`, piece);
  for (let i = 1; i < 5; i++) await caller.append(`${dir}/line.csv`, piece);
  await caller.put(`${dir}/quote.csv`, new Uint8Array(Buffer.from(`a,b\n1,2\n3,"${"never closed, and on\n".repeat(150_000)}`)));
  const page = await as(user, "/");
  const sum = asked(page);
  await page.evaluate(`window.longest = 0; new PerformanceObserver((list) => { for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration); }).observe({ type: "longtask" })`);
  await page.evaluate(`history.pushState(null, "", "/files${dir}/line.csv"); dispatchEvent(new PopStateEvent("popstate"))`);
  await status(page).getByText(/^Row 1 is longer than 1\.00 MiB\. Only its beginning is shown, and no rows after it/).waitFor();
  await status(page).getByText("Only the first 2,000 columns are shown.").waitFor();
  await page.getByRole("gridcell", { name: "word" }).first().waitFor();
  expect(await page.getByRole("gridcell").count()).toBeLessThan(60);
  expect(sum.bytes).toBeLessThan(8 << 20);
  expect(await page.evaluate("window.longest")).toBeLessThan(1000);
  await page.goto(`${url}/files${dir}/quote.csv`);
  await status(page).getByText(/^A quotation mark in row 2 is not closed within 1\.00 MiB/).waitFor();
  await page.getByRole("row", { name: /^1 1 2$/ }).waitFor();
});

test("a row group that is too much is not fetched; fewer of its columns are", async () => {
  const { user, dir, caller } = desk();
  const rows = 1000;
  const file = parquet([
    { name: "id", data: Array.from({ length: rows }, (_, i) => i), type: "INT32", nullable: false },
    { name: "name", data: Array.from({ length: rows }, (_, i) => `name ${i}`), type: "STRING" },
    { name: "tensor", data: Array.from({ length: rows }, () => "t"), type: "STRING" },
  ], rows);
  const filler = new Uint8Array(64 << 20);
  const { head, tail } = swollen(file, "tensor", 4 * filler.length);
  await caller.put(`${dir}/large.parquet`, head);
  for (let i = 0; i < 4; i++) await caller.append(`${dir}/large.parquet`, filler);
  await caller.append(`${dir}/large.parquet`, tail);
  const page = await as(user, "/");
  const sum = asked(page);
  await page.goto(`${url}/files${dir}/large.parquet`);
  await page.getByText("Rows 1 to 1,000 form one row group. Its selected columns take up 256 MiB").waitFor();
  expect(sum.bytes).toBeLessThan(100_000);
  await page.getByRole("button", { name: "Show the 2 columns that fit" }).click();
  await page.getByRole("gridcell", { name: "name 3", exact: true }).waitFor();
  expect(sum.bytes).toBeLessThan(300_000);
  expect(new URL(page.url()).search).toBe("?cols=1-2");
  await page.goto(`${url}/files${dir}/large.parquet?cols=3`);
  await page.getByText("Each of these columns is too large on its own.").waitFor();

  // The same size, as a footer alone says it.
  await caller.put(`${dir}/lie.parquet`, lying(file, (footer) => {
    for (const { meta_data } of footer.row_groups[0]?.columns ?? []) if (meta_data !== undefined) meta_data.total_compressed_size = 1n << 30n;
  }));
  await page.goto(`${url}/files${dir}/lie.parquet`);
  await page.getByText(/is 1\.00 GiB long and begins at .*, but the file ends at /).waitFor();
});
