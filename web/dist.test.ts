import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "dist");
const budget = 150_000; // bytes, with gzip, of what a browser loads before it shows anything

/** What the files of names bring along at once, themselves among them: not what they load when it is opened. */
function broughtBy(names: readonly string[]): Set<string> {
  const all = new Set(names);
  for (const name of all) {
    if (!name.endsWith(".js")) continue;
    const code = readFileSync(join(dist, "assets", name), "utf8");
    for (const [, other] of code.matchAll(/(?:^|[;}\n])import(?:[^"'`()]*from)?["'`]\.\/([\w.-]+\.js)["'`]/g)) if (other !== undefined) all.add(other);
  }
  return all;
}

const page = readFileSync(join(dist, "index.html"), "utf8");
const named = [...page.matchAll(/(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g)].map((m) => m[1] ?? "");
const first = broughtBy(named);

test("what is loaded first is small", () => {
  expect(named.length).toBeGreaterThanOrEqual(2);
  const size = [...first].reduce((n, name) => n + gzipSync(readFileSync(join(dist, "assets", name))).length, 0);
  expect(size).toBeLessThan(budget);
});

test("each heavy viewer is in a chunk of its own, which is loaded when it is opened", () => {
  const viewers = ["TextView", "MarkdownView", "JsonView", "ImageView", "SvgView", "HtmlView", "MediaView", "CsvView", "ParquetView", "NotebookView", "Curves", "AccessDialog"];
  for (const viewer of viewers) {
    const name = `${viewer}.js`;
    expect(readdirSync(join(dist, "assets"))).toContain(name);
    expect([...first]).not.toContain(name);
    const brought = broughtBy([name]);
    // A text's viewer is a part of others that show their source, and of notebooks the viewers of what is in them.
    for (const other of viewers) if (other !== viewer && other !== "TextView") expect([...brought], `${viewer} brings ${other} along`).not.toContain(`${other}.js`);
  }
  for (const part of ["parse.worker.js", "parquet.worker.js", "Plot.js", "tus-js-client.js"]) expect([...first]).not.toContain(part);
});

test("parts of the application ask each other for what they need by names, which mean the same in the next version", () => {
  const code = readFileSync(join(dist, "assets", "index.js"), "utf8");
  const given = [...code.matchAll(/export\{([^}]*)\}/g)].flatMap(([, list = ""]) => list.split(",").map((one) => one.replace(/.* as /, "")));
  for (const name of ["discard", "erase", "rename"]) expect(given).toContain(name);
});

test("the page runs nothing inline and loads nothing from elsewhere", () => {
  expect(page).not.toMatch(/<script(?![^>]* src="\/assets\/)[^>]*>/);
  expect(page).not.toMatch(/<style|\son[a-z]+=|style="/);
  expect(page).not.toMatch(/(?:src|href)="(?!\/)/);
  for (const name of readdirSync(join(dist, "assets")).filter((n) => n.endsWith(".css"))) {
    expect(readFileSync(join(dist, "assets", name), "utf8")).not.toMatch(/url\(["']?https?:|@import/);
  }
});
