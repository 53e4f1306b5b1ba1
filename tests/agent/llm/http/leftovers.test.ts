// What is left when the asking is over: no socket, no timer that keeps a process alive, and no wait for a handshake that does not come.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { answers } from "../../../helpers/model-servers/behaviour.ts";
import { startSocketAgent } from "../../../helpers/model-servers/unix-socket.ts";
import { HTTP_KINDS, httpProvider, outcomeOf, startFake } from "./support.ts";

const EXIT_MS = 20_000;

test("a process that asked every kind of backend ends by itself, although it closed none", async () => {
  const dir = await mkdtemp(path.join(tmpdir(), "leftovers-"));
  const agent = await startSocketAgent(path.join(dir, "agent.sock"));
  const servers = await Promise.all(HTTP_KINDS.map(startFake));
  for (const server of servers) server.behaveOnce([{ kind: "hang" }, answers("ok")]);
  const child = path.join(import.meta.dirname, "exits-child.ts");
  // A timeout kills it, and then this rejects.
  const run = promisify(execFile)(process.execPath, [child, agent.path, ...servers.map(({ url }) => url)], { timeout: EXIT_MS });
  expect((await run).stdout).toBe("asked all\n");
  expect(await Promise.all(servers.map((server) => server.connections()))).toEqual([0, 0, 0]);
  expect(servers.map((server) => server.of("chat").length)).toEqual([2, 2, 2]);
  await Promise.all([...servers, agent].map((server) => server.close()));
  await rm(dir, { recursive: true });
});

test("a server that takes the connection and never finishes its TLS is unreachable within the bound for connecting", async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const closed = new Promise<void>((resolve) => server.once("connection", (socket) => socket.once("close", () => resolve()).resume()));
  const provider = httpProvider("openai-compatible", url, { model: "m", bounds: { connectMs: 200 } });
  const { failure } = await outcomeOf(provider);
  expect(failure).toEqual({ kind: "unreachable", message: "Backend did not take the connection within 200 ms" });
  await closed;
  await new Promise((resolve) => server.close(resolve));
});

test("a server that speaks something else is invalid", async () => {
  const server = createServer((socket) => socket.resume().end("SSH-2.0-OpenSSH_9.6\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const { failure } = await outcomeOf(httpProvider("openai-compatible", url, { model: "m" }));
  expect(failure).toEqual({ kind: "invalid", message: "Backend does not speak HTTP (HPE_INVALID_CONSTANT)" });
  await new Promise((resolve) => server.close(resolve));
});
