// Miniflare's options for the built worker: what wrangler.toml says (dist/worker/options.json), plus where this machine keeps things.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, type MiniflareOptions, type V4WorkerOptionsShape } from "miniflare";

export const WORKER_NAME = "control-center";
const HOST = "127.0.0.1"; // never another one: what faces a network is Cloudflare, not this

export interface WorkerPlace {
  root: string;
  dataDir: string;
  port: number;
  bindings?: Record<string, string>; // in place of what wrangler.toml says
}

export type WriteLine = (entry: Record<string, unknown>) => void;

/** Throws when the build is missing. */
export function workerOptions(place: WorkerPlace, write: WriteLine): MiniflareOptions {
  const bundle = join(place.root, "dist/worker");
  const file = join(bundle, "options.json");
  if (!existsSync(file)) throw new Error("there is no build in dist/worker: run `npm run build` first");
  // Not checked here: convertV4MiniflareOptions parses all of it against miniflare's own schema.
  const configured: V4WorkerOptionsShape = JSON.parse(readFileSync(file, "utf8"));
  return convertV4MiniflareOptions({
    host: HOST,
    port: place.port,
    cf: false, // no look-up of the request's country at workers.cloudflare.com
    logRequests: false,
    unsafeLocalExplorer: false, // a SQL console without a password
    unsafeObservability: false, // a store of request traces: half the speed
    unsafeTriggerHandlers: false,
    log: new LineLog(write),
    handleStructuredLogs: ({ timestamp, level, message }) => write({ level, time: timestamp, ...readFields(message) }),
    resourcePersistencePath: join(place.dataDir, "worker"),
    workers: [
      {
        ...configured,
        bindings: { ...configured.bindings, ...place.bindings },
        name: WORKER_NAME,
        rootPath: place.root,
        modulesRoot: bundle,
        modules: [{ type: "ESModule", path: join(bundle, "index.js") }],
        ...(configured.assets === undefined ? {} : { assets: { ...configured.assets, directory: join(place.root, "dist/web") } }),
      },
    ],
  });
}

/** The worker's own log lines are JSON, the runtime's are text. */
function readFields(message: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(message);
    if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) return { ...fields };
  } catch {
    // Text, then.
  }
  return { msg: message };
}

const LEVEL_WORDS: Partial<Record<LogLevel, string>> = { [LogLevel.ERROR]: "error", [LogLevel.WARN]: "warn" };

/** Miniflare's own messages (a crash of workerd, say) as lines of the one log. */
class LineLog extends Log {
  readonly #write: WriteLine;

  constructor(write: WriteLine) {
    super(LogLevel.WARN);
    this.#write = write;
  }

  override logWithLevel(level: LogLevel, message: string): void {
    const word = LEVEL_WORDS[level];
    if (word !== undefined) this.#write({ level: word, time: Date.now(), msg: message });
  }
}
