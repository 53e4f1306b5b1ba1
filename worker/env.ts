// The bindings of wrangler.toml, and what a request carries through the app.
import type { RoomNamespace } from "../party/route.ts";
import type { Principal } from "./auth.ts";
import type { Deps } from "./deps.ts";

export interface Bindings {
  DB: D1Database;
  Room: RoomNamespace;
  ASSETS: Fetcher;
  RATE_LIMIT: RateLimit;
  QUEUE_LIMIT: number;
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: { requestId: string; deps: Deps; principal: Principal };
}
