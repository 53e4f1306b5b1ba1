// The worker's process on the real build (`npm test` makes it first) with a database of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listProcesses } from "../../lab/process-table.ts";
import { adminSeed } from "../../lab/seed.ts";
import { IntentAccepted } from "../../protocol/api.ts";

const SCRIPT = join(import.meta.dirname, "../../lab/worker-host.ts");
const TOKEN = "an-admin-token-of-some-length";

interface Host {
  process: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
  /** Seeds it and waits until it is ready; answers its address. */
  ready(): Promise<string>;
}

function startHost(dataDir: string, port: number): Host {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { PATH: process.env.PATH ?? "", DATA_DIR: dataDir, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    detached: true,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.stdout === null) throw new Error("no pipe to the child");
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const exited = Promise.all([once(child, "exit"), once(child.stdout, "close")]).then(([[code]]) => code);
  child.send({ type: "seed", statements: adminSeed(TOKEN, 1) });
  return {
    process: child,
    output: () => text,
    exited,
    async ready() {
      const [message] = await once(child, "message");
      expect(message).toEqual({ type: "ready", port: expect.any(Number) });
      return `http://127.0.0.1:${message.port}`;
    },
  };
}

function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "worker-host-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function groupOf(host: Host): number[] {
  const members = listProcesses("LAB_SUPERVISED=/none#").filter((entry) => entry.group === host.process.pid);
  return members.map((entry) => entry.pid);
}

test("it serves the seeded token, says where it listens, and a second start keeps the data", async () => {
  const dataDir = newDataDir();
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const first = startHost(dataDir, 0);
  const url = await first.ready();
  expect(JSON.parse(readFileSync(join(dataDir, "run/worker.json"), "utf8"))).toEqual({ port: Number(new URL(url).port), url });
  const created = await fetch(`${url}/api/v1/intents`, {
    method: "POST",
    headers,
    body: JSON.stringify({ text: "Deploy eMBB slice on edge1" }),
  });
  const { intentId } = IntentAccepted.parse(await created.json());
  first.process.kill("SIGTERM");
  expect(await first.exited).toBe(0);

  const second = startHost(dataDir, 0);
  const again = await fetch(`${await second.ready()}/api/v1/intents/${intentId}`, { headers });
  expect(again.status).toBe(200);
  second.process.kill("SIGTERM");
  expect(await second.exited).toBe(0);
  expect(groupOf(second)).toEqual([]);
});

test("the consoles of a development server are not there", async () => {
  const host = startHost(newDataDir(), 0);
  const url = await host.ready();
  const page = await (await fetch(url)).text();
  for (const path of ["/cdn-cgi/local/explorer", "/cdn-cgi/local/explorer/api/d1/database", "/cdn-cgi/local/scheduled"]) {
    const answer = await fetch(url + path);
    // The page for unknown addresses, or an error: whatever it is, it is what any other unknown path gets.
    expect([page, ""], path).toContain(answer.ok ? await answer.text() : "");
  }
  host.process.kill("SIGTERM");
  await host.exited;
});

test("a port in use is one clear line that names PORT, and exit code 1", async () => {
  const holder = createServer();
  onTestFinished(() => void holder.close());
  await once(holder.listen(0, "127.0.0.1"), "listening");
  const address = holder.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const host = startHost(newDataDir(), port);
  expect(await host.exited).toBe(1);
  const lines = host.output().trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    `port ${port} is in use: stop what listens there, or set PORT to another port (0 picks a free one)`,
  ]);
});

test("it ends, and workerd with it, when its supervisor is gone", async () => {
  const host = startHost(newDataDir(), 0);
  await host.ready();
  expect(groupOf(host).length).toBe(2);
  host.process.disconnect();
  expect(await host.exited).toBe(0);
  expect(groupOf(host)).toEqual([]);
});
