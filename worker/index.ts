// Entry of the Worker: the app, the room class, and the cron that prunes.
import { createApp } from "./app.ts";
import { createDeps } from "./deps.ts";
import type { Bindings } from "./env.ts";
import { prune } from "./services/prune.ts";

export { Room } from "../party/room.ts";

const app = createApp();

// Default export: the platform asks for it.
export default {
  fetch: app.fetch,
  scheduled: async (_event, env, context) => prune(createDeps(env, context)),
} satisfies ExportedHandler<Bindings>;
