// What the tests find in `env` and `exports`: the worker's bindings, and the migrations that vitest.config.ts reads.
declare namespace Cloudflare {
  interface Env extends Omit<import("../../worker/env.ts").Bindings, never> {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import("../../worker/index.ts");
  }
}
