import { defineConfig } from "vitest/config";

// What needs no browser. Tests in a real one are in browser/.
export default defineConfig({ test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx", "dist.test.ts"] } });
