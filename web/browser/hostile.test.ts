import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { markdown, names, page as hostilePage, settled, svg, trap } from "./hostile";
import { as, Caller, person, project, url, visit } from "./house";
import { bomb, lying, picture } from "./samples";

const elsewhere = trap();

/** A project with hostile files, and somebody who looks at them. */
async function place(): Promise<{ user: string; dir: string; caller: Caller }> {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  await caller.put(`${dir}/report.html`, hostilePage(elsewhere.at));
  await caller.put(`${dir}/logo.svg`, svg(elsewhere.at));
  await caller.put(`${dir}/README.md`, markdown(elsewhere.at));
  return { user, dir, caller };
}

async function open(page: Page, path: string, query = ""): Promise<void> {
  await page.goto(`${url}/files${path.split("/").map(encodeURIComponent).join("/")}${query}`);
}

/** Whether a page, or a frame in it, ran something that it should not have. */
function ran(page: Page): Promise<unknown> {
  return page.evaluate("window.ran");
}

/** Keeps the dialogs that a page opens. */
function dialogs(page: Page): string[] {
  const said: string[] = [];
  page.on("dialog", (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  return said;
}

test("HTML, SVG and Markdown from users run nothing, and ask nobody for anything", async () => {
  const { user, dir } = await place();
  elsewhere.asked.length = 0;
  const page = await as(user, `/files${dir}`, { blocked: true });
  const said = dialogs(page);
  const readme = page.getByRole("region", { name: "README", exact: true });
  await readme.getByText("The end of the text").waitFor();
  await settled(page);
  await readme.getByText("<script>").first().waitFor(); // it is text

  await open(page, `${dir}/README.md`);
  await page.getByText("The end of the text").waitFor();
  const leads = await page.locator(".markdown a").evaluateAll((all) => all.map((a) => [a.getAttribute("href") ?? "", a.getAttribute("rel") ?? ""]));
  expect(leads.length).toBeGreaterThan(2);
  for (const [href, rel] of leads) expect(`${href} ${rel}`).toMatch(/^(https:\/\/example\.invalid\/x|http:\/\/127\.0\.0\.1:\d+\/md[\w.]+) noopener noreferrer$/);
  expect(await page.locator(".markdown :is(script, style, iframe, img, link, form)").count()).toBe(0);
  await page.getByText("run too").click();

  await open(page, `${dir}/logo.svg`);
  const logo = page.getByRole("img", { name: "logo.svg" });
  await expect.poll(() => logo.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBe(200);

  await open(page, `${dir}/report.html`);
  await page.getByLabel("File contents").getByText("Quarterly report").waitFor();
  await page.getByRole("button", { name: "Rendered" }).click();
  const frame = page.frameLocator("iframe.html");
  await frame.getByText("The end of the report").waitFor();
  await settled(page);
  expect([await ran(page), said, elsewhere.asked]).toEqual([undefined, [], []]);
});

test("the same samples run and ask where nothing keeps them from it, so the test above can fail", async () => {
  elsewhere.pages.set("/bare-html", hostilePage(elsewhere.at).replace(/<meta[^>]*>/, ""));
  elsewhere.pages.set("/bare-svg", `<!doctype html><body>${svg(elsewhere.at)}</body>`);
  elsewhere.pages.set("/bare-markdown", `<!doctype html><body>${markdown(elsewhere.at)}</body>`);
  for (const [kind, runs, asks] of [["html", /./, "/loaded.js"], ["svg", /svg|foreign/, "/svgimage.png"], ["markdown", /md/, "/mdblock.png"]] as const) {
    elsewhere.asked.length = 0;
    const page = await visit(`/bare-${kind}`, { origin: elsewhere.at, failures: [404] });
    await expect.poll(() => ran(page), { message: kind }).toMatch(runs);
    await expect.poll(() => elsewhere.asked, { message: kind }).toContain(asks);
  }
});

test("with the sandbox switched off, and what stands before it, a page that is rendered runs: the check above would see it", async () => {
  const { user, dir } = await place();
  elsewhere.asked.length = 0;
  const page = await as(user, "/", { provider: elsewhere.at, failures: [404] });
  await page.context().grantPermissions(["local-network-access"]); // an answer that a test fulfils comes from no network that the browser knows
  const switched = new Set<string>();
  await page.route("**/assets/*.js", async (route) => {
    let code = await (await route.fetch()).text();
    for (const [defence, off] of [["sandbox:``", "sandbox:`allow-scripts allow-same-origin`"], ["`script, style, link, meta,", "`x-none, style, link, meta,"], ["/^(on|style$|", "/^(none|style$|"], ["default-src 'none'; img-src data:", "img-src *"]] as const) {
      if (code.includes(defence)) switched.add(defence);
      code = code.replace(defence, off);
    }
    await route.fulfill({ body: code, contentType: "text/javascript" });
  });
  await page.route("**/files/**", async (route) => {
    const answer = await route.fetch();
    const { "content-security-policy": policy, ...headers } = answer.headers();
    if (policy !== undefined) switched.add("policy");
    await route.fulfill({ response: answer, headers });
  });
  await open(page, `${dir}/report.html`, "?as=rendered");
  await expect.poll(() => ran(page)).toMatch(/./);
  await expect.poll(() => elsewhere.asked).not.toEqual([]);
  expect(switched.size).toBe(5);
});

test("file names hold anything, and stay names", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  for (const name of names) await caller.put(`${dir}/${name}`, `content of ${names.indexOf(name)}`);
  const page = await as(user, `/files${dir}`);
  for (const [i, name] of names.entries()) {
    await open(page, dir);
    const shown = name.replace("\n", "⟨000A⟩").replace("\u202e", "⟨202E⟩");
    await page.getByRole("grid").getByRole("link", { name: shown, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: shown, exact: true }).waitFor();
    await page.getByLabel("File contents").getByText(`content of ${i}`).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  }
  expect(await ran(page)).toBeUndefined();
});

test("images that unfold to gigabytes are refused before they are read, and damaged ones are said to be", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  const good = picture(400, 300, (x, y) => [(x * 7) % 256, (y * 5) % 256, (x * y) % 256]);
  const huge = bomb(20_000, 20_000);
  await caller.put(`${dir}/huge.png`, new Uint8Array(Buffer.concat([huge, Buffer.alloc(300_000)])));
  await caller.put(`${dir}/cut.png`, good.slice(0, 20));
  await caller.put(`${dir}/short.jpg`, new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1]));
  await caller.put(`${dir}/lies-small.png`, lying(huge, 16, 16));
  await caller.put(`${dir}/lies-large.png`, lying(good, 7_000, 7_000));
  await caller.put(`${dir}/page.png`, "<script>window.ran = 1</script>");
  await caller.put(`${dir}/laughs.svg`, `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(20)}">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>`);
  const nested = Array.from({ length: 12 }, (_, i) => `<g id="g${i + 1}">${`<use href="#g${i}"/>`.repeat(10)}</g>`).join("");
  await caller.put(`${dir}/nested.svg`, `<svg xmlns="http://www.w3.org/2000/svg"><defs><g id="g0"><rect width="1" height="1"/></g>${nested}</defs><use href="#g12"/></svg>`);
  const masks = Array.from({ length: 9 }, (_, i) => `<mask id="m${i}">${`<rect width="9" height="9" style="mask:url(#m${i + 1})"/>`.repeat(10)}</mask>`).join("");
  await caller.put(`${dir}/masks.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${masks}<rect width="9" height="9" mask="url(#m0)"/></svg>`);
  const page = await as(user, `/files${dir}`);
  const ranges: string[] = [];
  page.on("request", (r) => r.url().includes("/fs/open") && ranges.push(r.headers()["range"] ?? "all"));
  await open(page, `${dir}/huge.png`);
  await page.getByText("The image is too large: it has 20,000 × 20,000 pixels").waitFor();
  await page.getByRole("link", { name: "Download", exact: true }).waitFor();
  expect(ranges).toEqual(["bytes=0-131071"]);
  for (const [name, words] of [
    ["cut.png", "This is not a PNG"], ["page.png", "This is not a PNG"], ["short.jpg", "is damaged or incomplete"],
    ["laughs.svg", "entity declarations"], ["nested.svg", "too complex"], ["masks.svg", "too complex"],
  ] as const) {
    await open(page, `${dir}/${name}`);
    await page.getByText(words).waitFor();
  }
  // What a header says is what is decoded, so a lie costs no more than the truth.
  for (const name of ["lies-small.png", "lies-large.png"]) {
    await open(page, `${dir}/${name}`);
    await page.getByText(/is damaged or incomplete/).or(page.getByRole("img", { name })).first().waitFor();
    expect(await page.evaluate("1 + 1")).toBe(2);
  }
  expect(await ran(page)).toBeUndefined();
});

test("300 MB in one line are shown in part, and the page stays quick", async () => {
  const user = person();
  const dir = `/Projects/${project(user)}/Resources`;
  const caller = new Caller(user);
  const part = new Uint8Array(Buffer.alloc(50 << 20, "0123456789"));
  await caller.put(`${dir}/line.txt`, part);
  for (let i = 0; i < 5; i++) await caller.append(`${dir}/line.txt`, part);
  const page = await as(user, `/files${dir}/line.txt`, { failures: [404] }); // what the page still asks about a file that has got another name
  await page.getByText("Only the first 1.00 MiB of 300 MiB are shown.").waitFor();
  await page.getByText("1 line is too long and cut off.").waitFor();
  await page.getByRole("button", { name: "Show end" }).click();
  await page.getByText("Only the last 1.00 MiB of 300 MiB are shown.").waitFor();
  await caller.change("rename", { path: `${dir}/line.txt`, destination: `${dir}/line.json` });
  await open(page, `${dir}/line.json`);
  await page.getByText("the limit is 16.0 MiB").waitFor();
  await page.getByLabel("File contents").getByText("0123456789").waitFor();
  await caller.change("rename", { path: `${dir}/line.json`, destination: `${dir}/line.jsonl` });
  await open(page, `${dir}/line.jsonl`);
  await page.getByText("The first line is longer than 4.00 MiB").waitFor();
  await caller.change("rename", { path: `${dir}/line.jsonl`, destination: `${dir}/line.md` });
  await open(page, `${dir}/line.md`);
  await page.getByText("Only the first 256 KiB of 300 MiB are shown.").waitFor();
  const asked = Date.now();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(Date.now() - asked).toBeLessThan(10_000);
});
