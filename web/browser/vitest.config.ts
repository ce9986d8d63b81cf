import { createHash, randomInt } from "node:crypto";
import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

/**
 * The files of tests that are run: all, or with QUICK=1 a quarter of them, by GRANARY_SEED. They keep two processors busy for minutes, and what every
 * change must pass has other things to do as well.
 */
function chosen(): string[] {
  const all = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
  if (process.env.QUICK !== "1") return all;
  const seed = (process.env.GRANARY_SEED ??= String(randomInt(2 ** 32 - 1)));
  const drawn = (name: string) => createHash("sha256").update(`${seed} ${name}`).digest("hex");
  const quarter = all.sort((a, b) => (drawn(a) < drawn(b) ? -1 : 1)).slice(0, Math.ceil(all.length / 4));
  console.log(`GRANARY_SEED=${seed}: ${quarter.length} of ${all.length} files of tests in a browser: ${quarter.join(" ")}`);
  return quarter;
}

// Tests in Chromium, on a running server with a PostgreSQL of its own: build/granary, which make test-web builds.
export default defineConfig({
  cacheDir: "../node_modules/.vite-browser",
  test: {
    root: import.meta.dirname,
    include: chosen(),
    globalSetup: ["./server.ts"],
    maxWorkers: 2, // more do not make it faster: two processors are busy with these
    testTimeout: 120_000, // for a machine that is much slower: what a test waits for has its own end, and no test is about how long it takes
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } }, // what is waited for comes when a busy machine gets to it
  },
});
