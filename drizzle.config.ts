import { defineConfig } from "drizzle-kit";

// Default export: drizzle-kit asks for it.
export default defineConfig({ dialect: "sqlite", schema: "./drizzle/schema.ts", out: "./drizzle/migrations" });
