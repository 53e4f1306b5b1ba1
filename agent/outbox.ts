// Facts on disk until they are acknowledged: one JSON-lines file per job attempt, in order. It stores; loops/outbox-flush.ts sends.
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { Lease } from "../protocol/job.ts";
import { MAX_FACTS_PER_REPORT, ReportedFact } from "../protocol/report.ts";
import { createOutboxFile, type OutboxFile, readOutboxFile } from "./outbox-file.ts";

const MAX_BYTES = 64 * 1024 * 1024; // of all files together; more means that nobody has listened for long
const LAST_WORD_BYTES = 1024 * 1024; // kept free for job.finished, so that a full outbox can still be told
const BATCH_BYTES = 900 * 1024; // under the worker's 1 MiB, with room for the envelope
const MAX_REJECTED_FILES = 20; // kept for a person to look at

export class OutboxError extends Error {
  override name = "OutboxError";
  readonly kind: "full" | "fact_too_large" | "lease_ended";
  constructor(kind: OutboxError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How the facts of a lease left the outbox. */
export type FlushOutcome = "acknowledged" | "lease_lost" | "rejected";

interface Entry {
  lease: Lease;
  file: OutboxFile;
  bytes: number; // on disk, acknowledged ones too until the file goes
  unsaved: number; // appended, not yet durable
  unacked: { fact: ReportedFact; bytes: number }[]; // durable, in order
  finished: boolean; // nothing more will be appended
  gone: boolean; // dropped or rejected while an append was under way
  waiters: ((outcome: FlushOutcome) => void)[];
}

export interface Outbox {
  /** Resolves once the fact is durable. Rejects with an OutboxError, or with the disk's own error. */
  append(lease: Lease, fact: ReportedFact): Promise<void>;
  /** Resolves when no fact of the lease waits any more, and tells how that came. */
  flushed(lease: Lease): Promise<FlushOutcome>;
  /** Resolves when nothing at all waits. */
  drained(): Promise<void>;
  /** Call it when the job has ended: the file goes as soon as it is empty, and what was known of the lease is forgotten. */
  release(lease: Lease): void;
  onReady(listener: (lease: Lease) => void): void;
  pending(): Lease[];
  nextBatch(lease: Lease): ReportedFact[];
  acknowledge(lease: Lease, count: number): Promise<void>;
  /** The lease is somebody else's: its facts are worthless, and no more are taken. */
  drop(lease: Lease): Promise<void>;
  /** The worker will never take these facts: they are moved aside for a person. One job.finished may still follow. */
  reject(lease: Lease): Promise<string>;
  depth(): { facts: number; bytes: number };
}

export interface OutboxOptions {
  dir: string;
  maxBytes?: number;
}

/** Opens the outbox and takes up what an earlier process left behind. */
export async function openOutbox({ dir, maxBytes = MAX_BYTES }: OutboxOptions): Promise<Outbox> {
  const rejectedDir = path.join(dir, "rejected");
  await mkdir(rejectedDir, { recursive: true, mode: 0o700 });
  const entries = new Map<string, Entry>();
  const ended = new Map<string, { outcome: "lease_lost" | "rejected"; lastWord: boolean }>();
  const listeners: ((lease: Lease) => void)[] = [];
  for (const entry of await recover(dir)) entries.set(entry.lease.leaseId, entry);

  const totalBytes = (): number => [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  const isEmpty = (entry: Entry): boolean => entry.unacked.length === 0 && entry.unsaved === 0;

  function entryOf(lease: Lease): Entry {
    const entry = entries.get(lease.leaseId) ?? newEntry(dir, lease);
    entries.set(lease.leaseId, entry);
    return entry;
  }

  function check(lease: Lease, fact: ReportedFact, bytes: number): void {
    const last = fact.fact.type === "job.finished";
    if (bytes > BATCH_BYTES) throw new OutboxError("fact_too_large", `a ${fact.fact.type} fact of ${bytes} bytes cannot be reported`);
    if (totalBytes() + bytes > maxBytes + (last ? LAST_WORD_BYTES : 0)) {
      throw new OutboxError("full", `the outbox holds its limit of ${maxBytes} bytes: the control centre has taken nothing for long`);
    }
    const end = ended.get(lease.leaseId);
    if (end !== undefined && !(last && end.lastWord))
      throw new OutboxError("lease_ended", `the facts of this job were dropped: ${end.outcome}`);
    if (entries.get(lease.leaseId)?.finished) throw new OutboxError("lease_ended", "the job has reported its end already");
  }

  async function settleIfEmpty(entry: Entry): Promise<void> {
    if (!isEmpty(entry) || entry.gone) return;
    for (const resolve of entry.waiters.splice(0)) resolve("acknowledged");
    if (!entry.finished) return;
    entries.delete(entry.lease.leaseId);
    ended.delete(entry.lease.leaseId);
    await entry.file.remove();
  }

  function end(lease: Lease, outcome: "lease_lost" | "rejected"): Entry | undefined {
    const entry = entries.get(lease.leaseId);
    ended.set(lease.leaseId, { outcome, lastWord: outcome === "rejected" && !ended.has(lease.leaseId) });
    if (entry === undefined) return undefined;
    entries.delete(lease.leaseId);
    entry.gone = true;
    entry.unacked = [];
    for (const resolve of entry.waiters.splice(0)) resolve(outcome);
    return entry;
  }

  return {
    async append(lease, fact) {
      const line = `${JSON.stringify(ReportedFact.parse(fact))}\n`;
      const bytes = Buffer.byteLength(line);
      check(lease, fact, bytes);
      const entry = entryOf(lease);
      entry.bytes += bytes;
      entry.unsaved += 1;
      entry.finished = fact.fact.type === "job.finished";
      try {
        await entry.file.append(line);
        entry.unsaved -= 1;
      } catch (cause) {
        entry.unsaved -= 1;
        entry.bytes -= bytes;
        entry.finished = false;
        await settleIfEmpty(entry);
        throw cause;
      }
      if (entry.gone) throw new OutboxError("lease_ended", "the facts of this job were dropped meanwhile");
      entry.unacked.push({ fact, bytes });
      for (const listener of listeners) listener(lease);
    },

    flushed(lease) {
      const entry = entries.get(lease.leaseId);
      if (entry === undefined) return Promise.resolve(ended.get(lease.leaseId)?.outcome ?? "acknowledged");
      if (isEmpty(entry)) return Promise.resolve("acknowledged");
      return new Promise((resolve) => entry.waiters.push(resolve));
    },

    async drained() {
      const waits = [...entries.values()].filter((entry) => !isEmpty(entry));
      await Promise.all(waits.map((entry) => new Promise((resolve) => entry.waiters.push(resolve))));
    },

    release(lease) {
      ended.delete(lease.leaseId);
      const entry = entries.get(lease.leaseId);
      if (entry === undefined) return;
      entry.finished = true;
      void settleIfEmpty(entry);
    },

    onReady: (listener) => void listeners.push(listener),
    pending: () => [...entries.values()].filter((entry) => entry.unacked.length > 0).map((entry) => entry.lease),

    nextBatch(lease) {
      const batch: ReportedFact[] = [];
      let bytes = 0;
      for (const waiting of entries.get(lease.leaseId)?.unacked ?? []) {
        bytes += waiting.bytes;
        if (batch.length === MAX_FACTS_PER_REPORT || (bytes > BATCH_BYTES && batch.length > 0)) break;
        batch.push(waiting.fact);
      }
      return batch;
    },

    async acknowledge(lease, count) {
      const entry = entries.get(lease.leaseId);
      entry?.unacked.splice(0, count);
      if (entry !== undefined) await settleIfEmpty(entry);
    },

    async drop(lease) {
      await end(lease, "lease_lost")?.file.remove();
    },

    async reject(lease) {
      const target = path.join(rejectedDir, `${Date.now()}.${fileName(lease)}`);
      await end(lease, "rejected")?.file.moveTo(target);
      await keepNewest(rejectedDir, MAX_REJECTED_FILES);
      return target;
    },

    depth() {
      const facts = [...entries.values()].reduce((sum, entry) => sum + entry.unacked.length + entry.unsaved, 0);
      return { facts, bytes: totalBytes() };
    },
  };
}

const FILE_NAME = /^(job_[0-9a-z]{26})\.(\d{1,9})\.(lease_[0-9a-z]{26})\.jsonl$/;

function fileName({ jobId, attempt, leaseId }: Lease): string {
  return `${jobId}.${attempt}.${leaseId}.jsonl`;
}

function newEntry(dir: string, lease: Lease): Entry {
  const file = createOutboxFile(path.join(dir, fileName(Lease.parse(lease))));
  return { lease, file, bytes: 0, unsaved: 0, unacked: [], finished: false, gone: false, waiters: [] };
}

// The process that wrote these files is gone, so nothing will be appended to them.
async function recover(dir: string): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const name of (await readdir(dir)).sort()) {
    const [, jobId = "", attempt, leaseId = ""] = FILE_NAME.exec(name) ?? [];
    if (jobId === "") continue;
    const unacked = await readOutboxFile(path.join(dir, name));
    if (unacked.length === 0) {
      await rm(path.join(dir, name));
      continue;
    }
    const bytes = unacked.reduce((sum, item) => sum + item.bytes, 0);
    found.push({ ...newEntry(dir, { jobId, attempt: Number(attempt), leaseId }), bytes, unacked, finished: true });
  }
  return found;
}

async function keepNewest(dir: string, count: number): Promise<void> {
  const oldest = (await readdir(dir)).sort().slice(0, -count);
  await Promise.all(oldest.map((name) => rm(path.join(dir, name), { force: true })));
}
