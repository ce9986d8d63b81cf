import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { markdown, page as hostilePage, settled, svg, trap } from "./hostile";
import { as, Caller, person, project } from "./house";
import { bomb, picture } from "./samples";

const elsewhere = trap();

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

function notebook(cells: readonly object[]): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: "python3", language: "python" } }, cells });
}

const code = (source: string, outputs: readonly object[] = [], count: number | null = 1) => ({ cell_type: "code", source, outputs, execution_count: count, metadata: {} });
const shows = (data: object) => ({ output_type: "display_data", data, metadata: {} });

async function open(content: string, query = ""): Promise<Page> {
  const user = person();
  const path = `/Projects/${project(user)}/Notebooks/train.ipynb`;
  await new Caller(user).put(path, content);
  return as(user, `/files${path}${query}`, { blocked: true });
}

test("a notebook is shown as it was saved: cells, what they printed, figures, tables and faults", async () => {
  const page = await open(
    notebook([
      { cell_type: "markdown", source: ["# Training\n", "of **speech**"] },
      code("import torch\nfor i in range(3):\n    print(i)  # steps", [{ output_type: "stream", name: "stdout", text: "10%\r100%\ndone\n" }], 7),
      code("plot()", [shows({ "image/png": base64(picture(320, 200, (x, y) => [x % 256, y % 256, 90])), "text/plain": "<Figure>" })]),
      code("frame", [{ output_type: "execute_result", data: { "text/html": "<table><tr><td>ada</td></tr></table>", "text/plain": "   name\n0   ada" } }]),
      code("1/0", [{ output_type: "error", ename: "ZeroDivisionError", evalue: "division by zero", traceback: ["\u001b[0;31mZeroDivisionError\u001b[0m: division by zero"] }]),
      code("later()", [], null),
    ]),
  );
  const cells = page.getByRole("list", { name: "Cells" });
  await cells.getByRole("heading", { name: "Training" }).waitFor();
  await cells.getByRole("region", { name: "Code of cell 2" }).locator(".tok-keyword", { hasText: "import" }).waitFor();
  expect(await cells.getByRole("region", { name: "Output 1 of cell 2" }).textContent()).toBe("100%\ndone\n");
  await cells.getByRole("img", { name: "Output 1 of cell 3" }).scrollIntoViewIfNeeded();
  await expect.poll(() => cells.getByRole("img", { name: "Output 1 of cell 3" }).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
  await page.getByRole("button", { name: "Show as HTML" }).click();
  await page.frameLocator("iframe.html").getByRole("cell", { name: "ada" }).waitFor();
  await cells.getByRole("region", { name: "Error 1 of cell 5" }).locator(".ansi-red", { hasText: "ZeroDivisionError" }).waitFor();
  expect(await cells.locator(".cell-count").allTextContents()).toEqual(["[7]", "[1]", "[1]", "[1]", "[ ]"]);
  await page.getByRole("button", { name: "Text", exact: true }).click();
  await page.getByLabel("File contents").getByText("nbformat").first().waitFor();
});

test("what is no notebook, or too long for one, is text, with the reason", async () => {
  const broken = await open('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}');
  await broken.getByText("the source of cell 1 is not text").waitFor();
  await broken.getByLabel("File contents").getByText("nbformat").waitFor();
  const long = await open(notebook([code("x = 1", [{ output_type: "stream", name: "stdout", text: "y".repeat(25 << 20) }])]));
  await long.getByText("the limit is 24.0 MiB").waitFor();
  await long.getByLabel("File contents").waitFor();
  const many = await open(notebook(Array.from({ length: 900 }, (_, i) => code(`cell(${i})`, i === 0 ? [{ output_type: "stream", name: "stdout", text: "z".repeat(3_000_000) }] : []))));
  await many.getByText("2,900,000 more characters are not shown").waitFor();
  await many.getByText("Only the first 200 of 900 cells are shown.").waitFor();
  await many.getByRole("button", { name: "Show more" }).click();
  await many.getByText("Only the first 400 of 900 cells are shown.").waitFor();
});

const hostile = () =>
  notebook([
    { cell_type: "markdown", source: markdown(elsewhere.at) },
    { cell_type: "raw", source: hostilePage(elsewhere.at) },
    code("html()", [shows({ "text/html": hostilePage(elsewhere.at), "text/plain": "A report" })]),
    code("svg()", [shows({ "image/svg+xml": svg(elsewhere.at) })]),
    code("js()", [shows({ "application/javascript": `window.ran='js';fetch('${elsewhere.at}/js')` })]),
    code("bomb()", [shows({ "image/png": base64(bomb(20_000, 20_000)) })]),
    code("lie()", [shows({ "image/png": base64(new TextEncoder().encode(svg(elsewhere.at))) })]),
    code("links()", [{ output_type: "stream", name: "stdout", text: "\u001b]8;;javascript:window.ran=1\u0007click\u001b]8;;\u0007\n<script>window.ran='text'</script>" }]),
  ]);

test("nothing of a hostile notebook runs, and it asks nobody for anything", async () => {
  elsewhere.asked.length = 0;
  const page = await open(hostile());
  const cells = page.getByRole("list", { name: "Cells" });
  await cells.getByText("The end of the text").waitFor();
  await cells.getByText("Output of type image/svg+xml").click();
  await cells.getByText("Output of type application/javascript").click();
  await page.getByRole("button", { name: "Show as HTML" }).click();
  await page.frameLocator("iframe.html").getByText("The end of the report").waitFor();
  await cells.getByText("20,000 × 20,000 pixels").scrollIntoViewIfNeeded();
  await cells.getByText("It has an unknown format, or is damaged.").waitFor();
  await settled(page);
  expect(await page.locator(".notebook :is(script, style, object, embed, link, form)").count()).toBe(0);
  expect([await page.evaluate("window.ran"), elsewhere.asked]).toEqual([undefined, []]);
});

test("with the sandbox switched off, and what stands before it, the notebook runs: the check above would see it", async () => {
  elsewhere.asked.length = 0;
  const user = person();
  const path = `/Projects/${project(user)}/Notebooks/train.ipynb`;
  await new Caller(user).put(path, hostile());
  const page = await as(user, "/", { provider: elsewhere.at, failures: [404], blocked: true });
  await page.context().grantPermissions(["local-network-access"]); // an answer that a test fulfils comes from no network that the browser knows
  await page.route("**/assets/*.js", async (route) => {
    const answer = await route.fetch();
    let code = await answer.text();
    for (const [defence, off] of [["sandbox:``", "sandbox:`allow-scripts allow-same-origin`"], ["`script, style, link, meta,", "`x-none, style, link, meta,"], ["/^(on|style$|", "/^(none|style$|"], ["default-src 'none'; img-src data:", "img-src *"]] as const) code = code.replace(defence, off);
    await route.fulfill({ body: code, contentType: "text/javascript" });
  });
  await page.route("**/files/**", async (route) => {
    const answer = await route.fetch();
    const { "content-security-policy": _, ...headers } = answer.headers();
    await route.fulfill({ response: answer, headers });
  });
  await page.goto(`${new URL(page.url()).origin}/files${path}`);
  await page.getByRole("button", { name: "Show as HTML" }).click();
  await expect.poll(() => page.evaluate("window.ran")).toMatch(/./);
  await expect.poll(() => elsewhere.asked).not.toEqual([]);
});
