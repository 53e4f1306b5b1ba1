// Answers of models that were right by their shape, for the same question asked again. Bounded, and kept on disk between starts of the agent.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import { Draft } from "../../intent/draft.ts";
import type { Log } from "../log.ts";

const MAX_ENTRIES = 1_000; // of some hundred bytes each
const TTL_MS = 24 * 60 * 60 * 1000; // what a model says of a sentence does not change with the hour, but the model itself does
const MAX_FILE_BYTES = 4 * 1024 * 1024; // ten times of what a full cache needs
const SAVE_AFTER_MS = 1_000; // sentences come in bursts
const FILE_VERSION = 1;

const Entry = z.object({ draft: Draft, model: z.string().max(200) });
export type CachedAnswer = z.infer<typeof Entry>;

const File = z.object({
  version: z.literal(FILE_VERSION),
  entries: z.array(z.object({ key: z.string().regex(/^[0-9a-f]{64}$/), at: z.number().nonnegative(), value: Entry })).max(MAX_ENTRIES),
});

export interface UnderstandingCache {
  get(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
  /** Writes what is new now. */
  close(): Promise<void>;
}

export interface CacheOptions {
  dir: string | null; // null: in memory only
  now: () => Date;
  log: Log;
}

/** Equal for equal questions. The parts are everything that the answer depends on. */
export function cacheKey(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** A file that cannot be used is an empty cache: every answer in it can be had again. */
async function load(file: string, log: Log): Promise<z.infer<typeof File>["entries"]> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) throw new Error(`has ${size} bytes, more than ${MAX_FILE_BYTES}`);
    return File.parse(JSON.parse(await readFile(file, "utf8"))).entries;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!missing)
      log.warn({ file, why: error instanceof Error ? error.name : "unknown" }, "the cache of understandings is broken and starts empty");
    return [];
  }
}

interface Kept {
  value: CachedAnswer;
  at: number; // ms since the epoch
}

export async function openCache({ dir, now, log }: CacheOptions): Promise<UnderstandingCache> {
  const nowMs = () => now().getTime();
  const answers = new LRUCache<string, Kept>({ max: MAX_ENTRIES, ttl: TTL_MS, ttlResolution: 0, perf: { now: nowMs } });
  const file = dir === null ? null : path.join(dir, "understandings.json");
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  if (file !== null) {
    for (const { key, at, value } of await load(file, log)) answers.set(key, { value, at }, { start: Math.min(at, nowMs()) });
  }

  async function save(to: string): Promise<void> {
    // Oldest first, so that reading it back in order restores which was used last.
    let entries = [...answers.entries()].map(([key, kept]) => ({ key, ...kept })).reverse();
    let text = JSON.stringify({ version: FILE_VERSION, entries });
    while (Buffer.byteLength(text) > MAX_FILE_BYTES) {
      entries = entries.slice(Math.ceil(entries.length / 2));
      text = JSON.stringify({ version: FILE_VERSION, entries });
    }
    try {
      await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
      await writeFile(`${to}.new`, text, { mode: 0o600 });
      await rename(`${to}.new`, to);
    } catch (error) {
      log.warn({ file: to, error }, "the cache of understandings is not written");
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (file !== null) saving = saving.then(() => save(file));
  }

  return {
    get: (key) => answers.get(key)?.value,
    set(key, answer) {
      answers.set(key, { value: answer, at: nowMs() });
      if (file !== null) timer ??= setTimeout(flush, SAVE_AFTER_MS).unref();
    },
    async close() {
      if (timer !== undefined) flush();
      await saving;
    },
  };
}
