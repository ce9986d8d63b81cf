import { defineConfig } from "vitest/config";

// What needs no browser. Tests in a real one are in browser/.
// A busy machine takes its time: no test here is about how long something takes.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "dist.test.ts"],
    setupFiles: ["./vitest.setup.ts"],
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
