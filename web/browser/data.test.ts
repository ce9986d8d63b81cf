import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, Caller, fresh, person, project, url } from "./house";
import { lying, parquet } from "./parquet";

/** A user with a project, and a directory in it. */
function desk(): { user: string; dir: string; caller: Caller } {
  const user = person();
  const dir = `/Projects/${project(user)}/Training_Datasets`;
  return { user, dir, caller: new Caller(user) };
}

/** The row with a number. */
const row = (page: Page, number: number) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: number.toLocaleString("en"), exact: true }) });

const heads = async (page: Page) => (await page.getByRole("columnheader").allInnerTexts()).slice(1).map((text) => text.split("\n")[0]);

const status = (page: Page) => page.locator(".table-notes");

/** The ranges that are asked of a file from now on, in bytes. */
function ranges(page: Page, name: string): [from: number, to: number][] {
  const asked: [number, number][] = [];
  page.on("request", (r) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(r.headers()["range"] ?? "");
    if (r.url().includes("/fs/open") && r.url().includes(encodeURIComponent(name)) && range !== null) asked.push([Number(range[1]), Number(range[2]) + 1]);
  });
  return asked;
}

function people(rows: number): string {
  const lines = ["id,name,note,score"];
  for (let i = 1; i <= rows; i++) lines.push(`${i},"Person ${i}",${i % 10 === 0 ? '"two\nlines, and ""quotes"""' : "plain"},${(i * 7919) % 1000 / 10}`);
  return lines.join("\r\n") + "\r\n";
}

test("a table of 100,000 rows is scrolled to its end with few rows in the page, and what one looks at is in the address", async () => {
  const { user, dir, caller } = desk();
  await caller.put(`${dir}/people.csv`, people(100_000));
  const page = await as(user, `/files${dir}/people.csv`);
  const grid = page.getByRole("grid", { name: "Rows of people.csv" });
  await status(page).getByText("All 100,000 rows").waitFor();
  expect(await heads(page)).toEqual(["id", "name", "note", "score"]);
  expect(await row(page, 1).getByRole("gridcell").allInnerTexts()).toEqual(["1", "Person 1", "plain", "91.9"]);
  expect(await grid.getByRole("columnheader", { name: "score" }).innerText()).toContain("number");

  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+End");
  await row(page, 100_000).waitFor();
  expect(await row(page, 100_000).getByRole("gridcell").allInnerTexts()).toEqual(["100000", "Person 100000", 'two↵lines, and "quotes"', "0"]);
  expect(await grid.getByRole("row").count()).toBeLessThan(60);
  await page.getByText("Row 100,000, score").waitFor();

  // A cell in full, by the keyboard.
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Row 100,000, note" });
  expect(await dialog.getByLabel("Cell value").innerText()).toBe('two\nlines, and "quotes"');
  // What is said meanwhile is not behind it.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy" }).click();
  await dialog.getByText("Cell copied").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Cell copied").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  expect(await page.getByText("Cell copied").count()).toBe(0);
  await grid.focus();

  // A row that is linked to, and columns that are chosen, are the same for whoever loads the address.
  await page.getByLabel("Go to row").fill("24,100");
  await page.keyboard.press("Enter");
  await page.locator(".table-row.marked").waitFor();
  await page.getByRole("button", { name: "4 columns" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns.getByRole("checkbox", { name: "name text" }).uncheck();
  await columns.getByRole("checkbox", { name: "note text" }).uncheck();
  await columns.getByRole("button", { name: "Show 2" }).click();
  await page.getByRole("button", { name: "2 of 4 columns" }).waitFor();
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ row: "24100", cols: "1,4" });
  await page.reload();
  const marked = page.locator(".table-row.marked");
  await marked.waitFor();
  expect(await marked.getByRole("rowheader").innerText()).toBe("24,100");
  expect(await marked.getByRole("gridcell").allInnerTexts()).toEqual(["24100", "90"]);
  expect(await marked.boundingBox()).not.toBeNull();
  expect(await heads(page)).toEqual(["id", "score"]);
});

test("a large table is read as far as one looks, and says so; a link leads on to its row", async () => {
  const { user, dir, caller } = desk();
  const name = `${fresh("large")}.csv`;
  const line = (i: number) => `${String(i).padStart(7, "0")};${"x".repeat(90)};${i % 2 === 0 ? "" : "odd"}\n`;
  let text = "";
  for (let i = 1; i <= 120_000; i++) text += line(i); // 12 MB
  await caller.put(`${dir}/${name}`, text);
  const page = await as(user, "/");
  const asked = ranges(page, name);
  await page.goto(`${url}/files${dir}/${name}`);
  await status(page).getByText(/^The first [\d,]+ rows, .* of .*; more are loaded as you scroll\.$/).waitFor();
  expect(Math.max(...asked.map(([, to]) => to))).toBeLessThan(8 << 20);
  expect(await page.locator(".table-notes .tag").innerText()).toBe("Partial");

  await page.goto(`${url}/files${dir}/${name}?row=110000`);
  const marked = page.locator(".table-row.marked");
  await marked.waitFor();
  expect((await marked.getByRole("gridcell").allInnerTexts())[0]).toBe("0110000");
  await page.getByRole("button", { name: "Load all rows" }).or(status(page).getByText("All 120,000 rows")).first().waitFor();
  const seen = new Set(asked.map(([from]) => from));
  expect(asked.length).toBeLessThan(12);
  expect(seen.size).toBeGreaterThan(3);
});

test("odd tables are shown with what is odd about them", async () => {
  const { user, dir, caller } = desk();
  await caller.put(`${dir}/latin.csv`, Uint8Array.from([...Buffer.from("name;city\n"), ...Buffer.from("Jos\xe9;K\xf6ln\n", "latin1"), ...Buffer.from("x;y;z\n")]));
  await caller.put(`${dir}/utf16.csv`, new Uint8Array(Buffer.from("\ufeffname\tcity\nJosé\tKöln\n", "utf16le")));
  const zipped = new Uint8Array(await new Response(new Blob(["id,word\n1,one\n2,\n"]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
  await caller.put(`${dir}/packed.csv.gz`, zipped);
  await caller.put(`${dir}/blank.csv`, "\n\n\n");
  const page = await as(user, `/files${dir}/latin.csv`);
  await status(page).getByText("it is shown as Windows-1252").waitFor();
  await status(page).getByText("1 row has a different number of cells than the first line, beginning with row 2.").waitFor();
  expect(await row(page, 1).getByRole("gridcell").allInnerTexts()).toEqual(["José", "Köln", "—"]);

  await page.getByLabel("First row is header").uncheck();
  await expect.poll(() => heads(page)).toEqual(["column 1", "column 2", "column 3"]);
  await status(page).getByText("All 3 rows").waitFor();
  await page.getByLabel("Delimiter").selectOption("Comma");
  await expect.poll(() => heads(page)).toEqual(["column 1"]);
  expect(new URL(page.url()).search).toBe("?header=no&delimiter=comma");

  await page.goto(`${url}/files${dir}/utf16.csv`);
  await status(page).getByText("The text is UTF-16").waitFor();
  expect(await row(page, 1).getByRole("gridcell").allInnerTexts()).toEqual(["José", "Köln"]);
  await page.goto(`${url}/files${dir}/packed.csv.gz`);
  await status(page).getByText("All 2 rows").waitFor();
  expect(await row(page, 2).getByRole("gridcell").allInnerTexts()).toEqual(["2", ""]);
  await page.goto(`${url}/files${dir}/blank.csv`);
  await page.getByText("This file has no rows").waitFor();
});

test("a packed table to which programs have appended is shown to its end", async () => {
  const { user, dir, caller } = desk();
  // Not compressed, so that the bytes with which a member begins are also in the rows, and that a member may end where a piece does.
  const member = (text: string) => gzipSync(Buffer.from(text, "latin1"), { level: 0 });
  const rows = (count: number) => "1,\x1f\x8b\x08\n".repeat(count);
  let text = `id,word\n${rows(150_001)}`;
  for (const [name, length] of [["inside", member(text).length], ["at", 1 << 20], ["across", (1 << 20) - 1], ["before", (1 << 20) - 3]] as const) { // the first piece has 1 MiB
    for (const _ of [1, 2]) text = text.slice(0, -1).padEnd(text.length + length - member(text).length - 1, "x").slice(0, text.length + length - member(text).length - 1) + "\n";
    const first = member(text);
    expect(first.length).toBe(length);
    await caller.put(`${dir}/${name}.csv.gz`, new Uint8Array(Buffer.concat([first, member(rows(10)), member(rows(1)), member("")])));
  }
  const page = await as(user, `/files${dir}/inside.csv.gz`);
  await status(page).getByText("All 150,012 rows").waitFor();
  for (const name of ["at", "across", "before"]) {
    await page.goto(`${url}/files${dir}/${name}.csv.gz`);
    await status(page).getByText("All 150,012 rows").waitFor();
  }
});

/** A file of three row groups; the column payload takes most of it. */
function clips(rows = 30_000): Uint8Array<ArrayBuffer> {
  const each = <T>(make: (i: number) => T) => Array.from({ length: rows }, (_, i) => make(i));
  return parquet(
    [
      { name: "id", data: each((i) => i + 1), type: "INT32", nullable: false },
      { name: "text", data: each((i) => (i % 3 === 0 ? null : i % 3 === 1 ? "" : `clip ${i + 1}`)), type: "STRING" },
      { name: "loss", data: each((i) => 1 / (i + 1)), type: "DOUBLE" },
      { name: "payload", data: each((i) => Uint8Array.from({ length: 120 }, (_, k) => (Math.imul(i + 7, 2654435761 + k * 40503) >>> 13) & 255)), type: "BYTE_ARRAY" },
    ],
    rows / 3,
  );
}

const sum = (asked: readonly [number, number][]) => asked.reduce((n, [from, to]) => n + to - from, 0);

test("a Parquet file is read where one looks, of the columns that one chooses", async () => {
  const { user, dir, caller } = desk();
  const [name, content] = [`${fresh("clips")}.parquet`, clips()];
  await caller.put(`${dir}/${name}`, content);
  const page = await as(user, "/");
  const asked = ranges(page, name);
  await page.goto(`${url}/files${dir}/${name}`);
  await row(page, 2).waitFor();
  expect(await heads(page)).toEqual(["id", "text", "loss", "payload"]);
  await expect.poll(() => row(page, 2).getByRole("gridcell").allInnerTexts()).toEqual(["2", "", "0.5", expect.stringMatching(/^0x[0-9a-f]+…? \(120 bytes\)$/) as unknown]);
  expect(await row(page, 1).getByRole("gridcell").nth(1).innerText()).toBe("null");
  await status(page).getByText("All 30,000 rows, loaded as you scroll").waitFor();
  await status(page).getByText("3 row groups").waitFor();
  const group = content.length / 3;
  expect(sum(asked)).toBeLessThan(group + 300_000); // the footer, and one of three row groups

  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+End");
  await expect.poll(() => row(page, 30_000).getByRole("gridcell").first().innerText()).toBe("30000");
  expect(await page.getByRole("row").count()).toBeLessThan(60);
  expect(sum(asked)).toBeLessThan(2 * group + 300_000); // and the last one; the second was not looked at
  const whole = sum(asked);

  await page.getByRole("button", { name: "4 columns" }).click();
  await page.getByRole("checkbox", { name: /^payload bytes, / }).uncheck();
  await page.getByRole("button", { name: "Show 3" }).click();
  await page.getByRole("button", { name: "3 of 4 columns" }).waitFor();
  await page.getByLabel("Go to row").fill("15001");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".table-row.marked").getByRole("gridcell").allInnerTexts()).toEqual(["15001", "null", String(1 / 15001)]);
  const begin = asked.length;
  await page.reload();
  const marked = page.locator(".table-row.marked");
  await expect.poll(() => marked.getByRole("gridcell").first().innerText()).toBe("15001");
  expect(sum(asked.slice(begin))).toBeLessThan(whole / 4);
  expect(new URL(page.url()).search).toBe("?cols=1-3&row=15001");

  await page.getByRole("button", { name: "Schema" }).click();
  const schema = page.getByRole("region", { name: "Schema" });
  await schema.getByText(/^granary tests, format version 2$/).waitFor();
  const columns = schema.getByRole("region", { name: "Columns" }).getByRole("row");
  expect((await columns.allInnerTexts()).slice(1).map((text) => text.split("\t").slice(0, 3))).toEqual([
    ["id", "int32", "no"], ["text", "string", "yes"], ["loss", "double", "yes"], ["payload", "bytes", "yes"],
  ]);
  await schema.getByRole("link", { name: "20,001 to 30,000" }).click();
  await expect.poll(() => marked.getByRole("gridcell").first().innerText()).toBe("20001");
});

test("a Parquet file that cannot be shown says why", async () => {
  const { user, dir, caller } = desk();
  await caller.put(`${dir}/rows.parquet`, lying(clips(300), (footer) => (footer.num_rows = 10n ** 15n)));
  await caller.put(`${dir}/text.parquet`, "this is no such file, though it is called so");
  const page = await as(user, `/files${dir}/rows.parquet`);
  await page.getByText("its footer says 1,000,000,000,000,000 rows, but its row groups have 300 rows").waitFor();
  await page.goto(`${url}/files${dir}/text.parquet`);
  await page.getByText("This is not a Parquet file").waitFor();
  await page.getByRole("link", { name: "Download", exact: true }).waitFor();
});
