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
  OTEL_EXPORTER_OTLP_ENDPOINT?: string; // of a collector; absent: no spans are exported
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: { requestId: string; deps: Deps; principal: Principal };
}
