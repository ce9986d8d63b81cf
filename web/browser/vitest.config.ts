import { defineConfig } from "vitest/config";

// Tests in Chromium, on a running server with a PostgreSQL of its own: build/granary, which make test-web builds.
export default defineConfig({
  cacheDir: "../node_modules/.vite-browser",
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    globalSetup: ["./server.ts"],
    maxWorkers: 2, // they wait for the server and the browser most of the time
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } }, // what is waited for comes when a busy machine gets to it
  },
});
