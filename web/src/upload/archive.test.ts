import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { archive } from "./archive";

test("tar unpacks what is packed, whatever the names", async () => {
  const dir = mkdtempSync(join(tmpdir(), "granary-tar-"));
  const files = new Map([
    ["a.txt", "alpha"], ["deep/er/empty", ""], ["x".repeat(100), "hundred"], [`${"d/".repeat(60)}${"y".repeat(200)}`, "long"], ["ö ü.txt", "umlauts"],
    ["two\nlines", "x".repeat(512)], ["block", "x".repeat(1024)],
  ]);
  const packed = archive([...files].map(([name, content]) => ({ name, content: new Blob([content]) })));
  writeFileSync(join(dir, "a.tar"), Buffer.from(await packed.arrayBuffer()));
  execFileSync("tar", ["-xf", "a.tar"], { cwd: dir });
  for (const [name, content] of files) expect(readFileSync(join(dir, name), "utf8"), name).toBe(content);
  rmSync(dir, { recursive: true });
});
