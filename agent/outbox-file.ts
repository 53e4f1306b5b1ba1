// One append-only file of the outbox. Appends that meet while the disk is busy share one write and one sync.
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ReportedFact } from "../protocol/report.ts";

export interface OutboxFile {
  /** Resolves once the line is on the disk, in the order of the calls. */
  append(line: string): Promise<void>;
  moveTo(target: string): Promise<void>;
  remove(): Promise<void>;
}

interface Queued {
  line: string;
  resolve: () => void;
  reject: (cause: unknown) => void;
}

export function createOutboxFile(file: string): OutboxFile {
  let handle: FileHandle | null = null;
  let size = 0; // of what is whole on the disk
  let queue: Queued[] = [];
  let tail: Promise<unknown> = Promise.resolve();

  // Everything that touches the file runs one after the other.
  function serially(work: () => Promise<void>): Promise<void> {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  }

  async function writeQueued(): Promise<void> {
    const batch = queue;
    queue = [];
    const text = batch.map((item) => item.line).join("");
    try {
      handle ??= await create(file);
      await handle.writeFile(text);
      await handle.datasync();
      size += Buffer.byteLength(text);
      for (const item of batch) item.resolve();
    } catch (cause) {
      // Half a line must not stand before the next one.
      await handle?.truncate(size).catch(() => undefined);
      for (const item of batch) item.reject(cause);
    }
  }

  async function close(): Promise<void> {
    await handle?.close();
    handle = null;
  }

  return {
    append(line) {
      return new Promise((resolve, reject) => {
        queue.push({ line, resolve, reject });
        if (queue.length === 1) void serially(writeQueued);
      });
    },
    moveTo: (target) => serially(() => close().then(() => rename(file, target))),
    remove: () => serially(() => close().then(() => rm(file, { force: true }))),
  };
}

async function create(file: string): Promise<FileHandle> {
  const handle = await open(file, "a", 0o600);
  const folder = await open(path.dirname(file), "r");
  await folder.sync().finally(() => folder.close()); // the name is durable too, not only the bytes
  return handle;
}

/** What a file holds that is whole. Reading ends at a torn line: nobody was ever told that it is durable. */
export async function readOutboxFile(file: string): Promise<{ fact: ReportedFact; bytes: number }[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const facts: { fact: ReportedFact; bytes: number }[] = [];
  for (const line of lines.slice(0, -1)) {
    const parsed = ReportedFact.safeParse(parseJson(line));
    if (!parsed.success) break;
    facts.push({ fact: parsed.data, bytes: Buffer.byteLength(line) + 1 });
  }
  return facts;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
