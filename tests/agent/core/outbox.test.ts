import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { openOutbox } from "../../../agent/outbox.ts";
import { ReportedFact } from "../../../protocol/report.ts";
import { fact, finished, newLease, started, tempDir } from "./assemble.ts";

const bulky = (bytes: number): ReportedFact => fact({ type: "stage.started", stage: "parse", reason: "x".repeat(bytes) });

test("facts are handed out in order, cut by number and by bytes, and their file goes after the last one", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir });
  const lease = newLease();
  const small = Array.from({ length: 60 }, started);
  const big = [bulky(500_000), bulky(500_000)];
  const facts = [...small, ...big, finished()];
  await Promise.all(facts.map((one) => outbox.append(lease, one)));
  const sent: ReportedFact[][] = [];
  for (let batch = outbox.nextBatch(lease); batch.length > 0; batch = outbox.nextBatch(lease)) {
    sent.push(batch);
    await outbox.acknowledge(lease, batch.length);
  }
  expect(sent.flat()).toEqual(facts);
  expect(sent.map((batch) => batch.length)).toEqual([50, 11, 2]);
  expect(await outbox.flushed(lease)).toBe("acknowledged");
  expect(outbox.depth()).toEqual({ facts: 0, bytes: 0 });
  expect(await readdir(temp.dir)).toEqual(["rejected"]);
});

test("what was appended is there after a restart, without a torn last line", async () => {
  await using temp = await tempDir();
  const lease = newLease();
  const facts = [started(), started()];
  const first = await openOutbox({ dir: temp.dir });
  for (const one of facts) await first.append(lease, one);
  const file = path.join(temp.dir, `${lease.jobId}.1.${lease.leaseId}.jsonl`);
  await appendFile(file, JSON.stringify(started()).slice(0, 40));
  await writeFile(path.join(temp.dir, "notes.txt"), "not ours");
  const second = await openOutbox({ dir: temp.dir });
  expect(second.pending()).toEqual([lease]);
  expect(second.nextBatch(lease)).toEqual(facts);
  await second.acknowledge(lease, 2);
  expect((await readdir(temp.dir)).sort()).toEqual(["notes.txt", "rejected"]);
});

test("a fact is on the disk when its append has resolved", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir });
  const lease = newLease();
  const one = started();
  await outbox.append(lease, one);
  const text = await readFile(path.join(temp.dir, `${lease.jobId}.1.${lease.leaseId}.jsonl`), "utf8");
  expect(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => ReportedFact.parse(JSON.parse(line))),
  ).toEqual([one]);
});

test("every fact that a killed process called durable survives it", async () => {
  await using temp = await tempDir();
  const lease = newLease();
  const child = execa("node", [fileURLToPath(new URL("./children/append-forever.ts", import.meta.url)), temp.dir, JSON.stringify(lease)], {
    reject: false,
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    if (said.split("\n").length > 20) child.kill("SIGKILL");
  });
  expect((await child).signal).toBe("SIGKILL");
  const durable = said.split("\n").slice(0, -1);
  const outbox = await openOutbox({ dir: temp.dir });
  const kept: string[] = [];
  for (let batch = outbox.nextBatch(lease); batch.length > 0; batch = outbox.nextBatch(lease)) {
    kept.push(...batch.map(({ id }) => id));
    await outbox.acknowledge(lease, batch.length);
  }
  expect(durable.length).toBeGreaterThanOrEqual(20);
  expect(kept.slice(0, durable.length)).toEqual(durable);
});

test("a full outbox refuses facts but keeps room for the last word", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir, maxBytes: 1_000 });
  const lease = newLease();
  await outbox.append(lease, bulky(700));
  await expect(outbox.append(lease, bulky(700))).rejects.toMatchObject({ name: "OutboxError", kind: "full" });
  await outbox.append(lease, finished());
  expect(outbox.nextBatch(lease).map(({ fact: { type } }) => type)).toEqual(["stage.started", "job.finished"]);
});

test("a fact that fits no report is refused at once", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir });
  await expect(outbox.append(newLease(), bulky(950_000))).rejects.toMatchObject({ kind: "fact_too_large" });
  expect(outbox.depth()).toEqual({ facts: 0, bytes: 0 });
});

test("a lost lease drops its facts, frees who waits, and takes no more", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir });
  const [lost, other] = [newLease(), newLease()];
  await outbox.append(lost, started());
  await outbox.append(other, started());
  const waiting = outbox.flushed(lost);
  await outbox.drop(lost);
  expect(await waiting).toBe("lease_lost");
  expect(await outbox.flushed(lost)).toBe("lease_lost");
  await expect(outbox.append(lost, finished())).rejects.toMatchObject({ kind: "lease_ended" });
  expect(outbox.pending()).toEqual([other]);
});

test("rejected facts are set aside for a person; one last word may follow, not two", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir });
  const lease = newLease();
  const one = started();
  await outbox.append(lease, one);
  const file = await outbox.reject(lease);
  expect(ReportedFact.parse(JSON.parse(await readFile(file, "utf8")))).toEqual(one);
  await expect(outbox.append(lease, started())).rejects.toMatchObject({ kind: "lease_ended" });
  const last = finished();
  await outbox.append(lease, last);
  expect(outbox.nextBatch(lease)).toEqual([last]);
  await outbox.reject(lease);
  await expect(outbox.append(lease, finished())).rejects.toMatchObject({ kind: "lease_ended" });
});

test("an append costs a few milliseconds", async () => {
  await using temp = await tempDir();
  const outbox = await openOutbox({ dir: temp.dir });
  const lease = newLease();
  const times: number[] = [];
  for (let i = 0; i < 50; i += 1) {
    const start = performance.now();
    await outbox.append(lease, started());
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[25];
  expect(median).toBeLessThan(20); // an fsync of a loaded disk; a hidden timer would show
});
