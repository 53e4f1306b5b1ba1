// Three kinds of tests: plain Node, the worker and the room inside workerd, and after those whole stacks.
import path from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// Default export: vitest asks for it.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: ["tests/worker/**", "tests/party/**", "tests/e2e/**"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          isolate: false, // one module graph per process: half of the time was loading the same modules for every file
          maxWorkers: 3, // of two cores vitest would use one, and half of this is waiting for git and timers
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            remoteBindings: false,
            miniflare: { bindings: { TEST_MIGRATIONS: await readD1Migrations(path.join(import.meta.dirname, "drizzle/migrations")) } },
          })),
        ],
        test: {
          name: "worker",
          isolate: false, // three workerds for all files: each test makes its own data, and setup.ts empties the tables
          include: ["tests/worker/**/*.test.ts", "tests/party/**/*.test.ts"],
          setupFiles: ["./tests/worker/setup.ts"],
          testTimeout: 30_000,
          maxWorkers: 3, // as many as above: the two share them
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          isolate: false, // as above; what a file changes it changes in the stack that it starts and stops
          // Two stacks at a time, after everything else: each is a worker, an agent and a lab, which leave a third of two cores unused.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
