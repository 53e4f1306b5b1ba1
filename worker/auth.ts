// Who is calling: bearer tokens, known by their SHA-256 in D1, with scopes. Runs before validation and before upgrade checks.
import { and, eq, gt, isNull, or } from "drizzle-orm";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { tokens } from "../drizzle/schema.ts";
import type { Actor, Deps } from "./deps.ts";
import type { AppEnv } from "./env.ts";
import { AppError } from "./errors.ts";

export type Scope = "read" | "operate" | "admin" | "agent";

export interface Principal {
  tokenId: string;
  name: string;
  scopes: string[];
  agentId: string | null;
}

/** An admin may operate, an operator may read; an agent's credential opens the agent routes only. */
const IMPLIES: Record<string, readonly Scope[]> = {
  read: ["read"],
  operate: ["read", "operate"],
  admin: ["read", "operate", "admin"],
  agent: ["agent"],
};

export function holds(principal: Principal, scope: Scope): boolean {
  return principal.scopes.some((held) => IMPLIES[held]?.includes(scope) ?? false);
}

/** SHA-256 in hex. The secrets are random and long, so a fast hash is the right one. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random secret of 256 bits with a prefix that tells what it is, e.g. `agc_…`. */
export function newSecret(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `${prefix}_${btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")}`;
}

export async function findPrincipal(deps: Pick<Deps, "db" | "now">, secret: string): Promise<Principal | null> {
  const live = and(isNull(tokens.revokedAt), or(isNull(tokens.expiresAt), gt(tokens.expiresAt, deps.now())));
  const row = await deps.db
    .select()
    .from(tokens)
    .where(and(eq(tokens.hash, await sha256Hex(secret)), live))
    .get();
  return row === undefined ? null : { tokenId: row.id, name: row.name, scopes: row.scopes, agentId: row.agentId };
}

const COMMANDS = /^\/(api|v1)\//; // what people tell this system to do; agents have no part in it

/** Answers 401 without a live token, 429 over the token's rate, else sets the principal. */
export const authenticate = createMiddleware<AppEnv>(async (c, next) => {
  const secret = /^Bearer (\S{1,500})$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const principal = secret === undefined ? null : await findPrincipal(c.get("deps"), secret);
  if (principal === null) throw new AppError("UNAUTHENTICATED", "a valid bearer token is needed");
  const { success } = await c.env.RATE_LIMIT.limit({ key: principal.tokenId });
  if (!success) throw new AppError("RATE_LIMITED", "too many requests with this token", { retryAfterSeconds: 10 });
  c.set("principal", principal);
  if (COMMANDS.test(c.req.path) && !["GET", "HEAD"].includes(c.req.method))
    c.set("deps", { ...c.get("deps"), actor: actorOf(c, principal) });
  await next();
});

function actorOf(c: Context<AppEnv>, { name, tokenId }: Principal): Actor {
  return { name, tokenId, requestId: c.get("requestId"), action: `${c.req.method} ${c.req.path}`, audited: false };
}

export function requireScope(scope: Scope) {
  return createMiddleware<AppEnv>(async function checkScope(c, next) {
    if (!holds(c.get("principal"), scope)) throw new AppError("FORBIDDEN", `this needs the scope "${scope}"`);
    await next();
  });
}
