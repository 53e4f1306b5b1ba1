// The operations of the generated OpenAPI document, so that tables about routes cannot forget one.
import * as z from "zod";
import { call } from "./harness.ts";

const Operation = z.object({
  summary: z.string(),
  security: z.array(z.unknown()).optional(),
  responses: z.record(z.string(), z.unknown()),
});
export const OpenApi = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()), securitySchemes: z.record(z.string(), z.unknown()) }),
});

export interface RouteEntry {
  method: string;
  template: string; // as the document has it
  path: string; // with an id that fits
  open: boolean;
}

const SOME_ID: Record<string, string> = {
  "/api/v1/intents": "int_01k00000000000000000000000",
  "/api/v1/deployments": "dep_01k00000000000000000000000",
  "/api/v1/sites": "edge1",
  "/v1/models": "auto",
  "/v1/integrations": "ollama",
  "/api/integrations": "ollama",
  "/api/v1/integrations": "ollama",
  "/api/v1/corrections": "cor_01k00000000000000000000000",
  "/api/v1/alerts": "alr_01k00000000000000000000000",
};

export async function routes(): Promise<RouteEntry[]> {
  const { paths } = (await call("GET", "/openapi.json")).as(OpenApi);
  return Object.entries(paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const id = Object.entries(SOME_ID).find(([prefix]) => template.startsWith(`${prefix}/{`))?.[1] ?? "";
      return { method: method.toUpperCase(), template, path: template.replace("{id}", id), open: operation.security?.length === 0 };
    }),
  );
}
