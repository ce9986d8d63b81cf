import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { row } from "./entries";
import { as, Caller, person, project } from "./house";

/** The members of a zip by their names, as its directory tells them. */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = zip.readUInt32LE(end + 16);
  for (let i = zip.readUInt16LE(end + 10); i > 0; i--) {
    const [flags, method, packed] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment, start] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const called = zip.subarray(at + 46, at + 46 + name).toString();
    expect(flags & 0x800 || /^[\x20-\x7d]*$/.test(called), `${called} is not marked as UTF-8`).toBeTruthy();
    const body = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    const content = zip.subarray(body, body + packed);
    files.set(called, method === 8 ? inflateRawSync(content) : content);
    at += 46 + name + extra + comment;
  }
  return files;
}

async function downloaded(page: Page, click: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  expect(await download.failure()).toBeNull();
  expect(new URL(download.url()).search).not.toMatch(/token|delegation/);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "More actions", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("a folder and a selection come as one zip, byte by byte, whatever the names are", async () => {
  const user = person();
  const p = project(user);
  const caller = new Caller(user);
  const odd = ['"quoted" \'it\'', "two\nlines", "\u202egnp.exe", `${"ü".repeat(127)}x`, "plain.txt", "a&b=c#d", "100%"];
  const want = new Map<string, Buffer>([["odd/", Buffer.of()], ["odd/empty/", Buffer.of()], ["odd/deep/", Buffer.of()]]);
  await caller.mkdirs(`/Projects/${p}/Logs/odd/empty`);
  for (const [i, name] of odd.entries()) {
    for (const below of [name, `deep/${name}`]) {
      const content = Buffer.alloc(1000 * i, `${below} `);
      want.set(`odd/${below}`, content);
      await caller.put(`/Projects/${p}/Logs/odd/${below}`, new Uint8Array(content));
    }
  }
  await caller.put(`/Projects/${p}/Logs/beside.txt`, "beside");
  const page = await as(user, `/files/Projects/${p}/Logs`);
  await row(page, "odd").getByRole("checkbox").check();
  const folder = await downloaded(page, () => page.getByRole("button", { name: "Download", exact: true }).click());
  expect(folder.name).toBe("odd.zip");
  expect(unzipped(folder.content)).toEqual(want);

  await row(page, "beside.txt").getByRole("checkbox").check();
  const both = await downloaded(page, () => page.getByRole("button", { name: "Download", exact: true }).click());
  expect(both.name).toBe("Logs.zip");
  expect(unzipped(both.content)).toEqual(new Map([...want, ["beside.txt", Buffer.from("beside")]]));

  const tar = await downloaded(page, () => choose(page, "Download as tar"));
  expect(tar.name).toBe("Logs.tar");
  expect(tar.content.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true);

  await row(page, "odd").getByRole("checkbox").uncheck();
  const plain = await downloaded(page, () => page.getByRole("button", { name: "Download", exact: true }).click());
  expect([plain.name, plain.content.toString()]).toEqual(["beside.txt", "beside"]);
});

test("what may not be read is said in words, and the rest can be had with a list of what is not in it", async () => {
  const [user, other] = [person(), person()];
  const caller = new Caller(user);
  for (const name of ["open.txt", "closed.txt"]) await caller.put(`/tmp/${user}/${name}`, name);
  await caller.change("set-permission", { path: `/tmp/${user}`, permission: "755" });
  await caller.change("set-permission", { path: `/tmp/${user}/open.txt`, permission: "644" });
  await caller.change("set-permission", { path: `/tmp/${user}/closed.txt`, permission: "600" });
  const page = await as(other, `/files/tmp/${user}`, { failures: [403] });
  await row(page, "open.txt").waitFor();
  await choose(page, "Download this folder as zip");
  await page.getByText("The archive could not be created.").waitFor();
  const rest = await downloaded(page, () => page.getByRole("button", { name: "Download without them" }).click());
  const files = unzipped(rest.content);
  expect([...files.keys()].sort()).toEqual(["__granary__/left-out.txt", `${user}/`, `${user}/open.txt`]);
  expect(files.get("__granary__/left-out.txt")?.toString()).toContain(`${user}/closed.txt\tPermission denied`);
});
