// How the page is built (into dist/web, which the worker serves) and how its dev server finds the API.
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const DEV_PORT = 5173;
const api = process.env.API_URL ?? "http://127.0.0.1:8787";
const proxied = ["/api", "/v1", "/agent", "/health", "/metrics", "/openapi.json", "/docs"];

// Default export: Vite asks for it.
export default defineConfig({
  root: path.join(import.meta.dirname, "web"),
  plugins: [react()],
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
