// What every route file needs: a sub-app that reports bad input by field, and the response shapes of the OpenAPI document.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type * as z from "zod";
import { ErrorBody, fieldIssues } from "../protocol/errors.ts";
import { sha256Hex } from "./auth.ts";
import type { AppEnv } from "./env.ts";
import { AppError, invalidField } from "./errors.ts";
import type { IdempotencyKey } from "./services/idempotency.ts";

export function createRouter() {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const details = fieldIssues(result.error);
      const [first] = details;
      throw new AppError("VALIDATION", first ? `${first.field}: ${first.message}` : "the request is not valid", { details });
    },
  });
}

export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

export function answer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { "application/json": { schema } } } as const;
}

/** Every route may fail this way; the code tells which it was. */
export const failures = { "4XX": answer("refused", ErrorBody), "5XX": answer("failed", ErrorBody) } as const;

const MAX_KEY_LENGTH = 200;

/** The request's idempotency key, bound to who asks and to what is asked; null when there is none. */
export async function idempotencyOf(c: Context<AppEnv>): Promise<IdempotencyKey | null> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > MAX_KEY_LENGTH)
    throw invalidField("Idempotency-Key", `must be 1 to ${MAX_KEY_LENGTH} visible ASCII characters`);
  const fingerprint = await sha256Hex(`${c.req.method} ${c.req.path} ${await c.req.text()}`);
  return { principal: c.get("principal").tokenId, key, fingerprint };
}
