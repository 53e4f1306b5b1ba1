// How the page is built (into dist/web, which the worker serves) and how its dev server finds the API.
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const DEV_PORT = 5173;
const api = process.env.API_URL ?? "http://127.0.0.1:8787";
const proxied = ["/api", "/v1", "/agent", "/health", "/metrics", "/openapi.json", "/docs"];

/**
 * Every zod schema drags along what turns it into JSON Schema: 5 kB after gzip of the 250 that the first load may weigh. The page only parses;
 * the worker, where OpenAPI is made, is not built from here. Should the page ever ask for one, it throws.
 */
const JSON_SCHEMA: Record<string, readonly string[]> = {
  "zod/v4/core/json-schema-processors.js": ["allProcessors", "toJSONSchema"],
  "zod/v4/core/to-json-schema.js": [
    "createStandardJSONSchemaMethod",
    "createToJSONSchemaMethod",
    "extractDefs",
    "finalize",
    "initializeContext",
    "processSchema",
  ],
};

const withoutJsonSchema: Plugin = {
  name: "zod-without-json-schema",
  enforce: "pre",
  load(id) {
    const exported = Object.entries(JSON_SCHEMA).find(([file]) => id.endsWith(file))?.[1];
    if (exported === undefined) return null;
    const refuse = 'const refuse = () => () => { throw new Error("the page makes no JSON Schema"); };';
    return [refuse, ...exported.map((name) => `export { refuse as ${name} };`)].join("\n");
  },
};

// Default export: Vite asks for it.
export default defineConfig({
  root: path.join(import.meta.dirname, "web"),
  plugins: [react(), withoutJsonSchema],
  build: {
    outDir: path.join(import.meta.dirname, "dist/web"),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // no data: URLs, the content security policy has none
    modulePreload: { polyfill: false },
    // What the first page needs is one file: cut by who shares what it was fifty, which gzip could not make small together.
    // A schema that nobody parses with is left out: making one has no effect.
    rolldownOptions: {
      treeshake: { manualPureFunctions: ["z"] },
      output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } },
    },
  },
  server: {
    host: "127.0.0.1",
    port: DEV_PORT,
    strictPort: true,
    proxy: {
      ...Object.fromEntries(proxied.map((prefix) => [prefix, { target: api }])),
      "/parties": { target: api, ws: true },
    },
  },
});
