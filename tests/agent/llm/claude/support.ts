// What the tests of the Claude adapter share: the real CLI when it is installed, the stand-in always, an API of their own, and what is running.
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { type ClaudeOptions, createClaudeProvider } from "../../../../agent/llm/claude/provider.ts";
import type { StructuredPrompt } from "../../../../agent/llm/port.ts";
import { type Cli, cleared, SCHEMA } from "./binaries.ts";
import { type ApiRequest, type Reply, startMessagesApi } from "./messages-api.ts";

export async function folder(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "claude-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

export interface Given extends Partial<Omit<ClaudeOptions, "env">> {
  reply: (request: ApiRequest) => Reply | Promise<Reply>;
  env?: Record<string, string>;
}

/** A provider on this CLI with an API that answers as the test says. All of it ends with the test, and nothing may be left then. */
export async function start(cli: Cli, { reply, env = {}, ...options }: Given) {
  const home = await folder();
  const api = await startMessagesApi(reply);
  const dir = path.join(home, "claude-cli"); // as the provider names it
  const provider = createClaudeProvider({
    ...{ file: await cli.file(home), dir: home, model: null, poolSize: 1, configured: true },
    ...{ env: { ...cleared(home, api.url), ...env } },
    ...options,
  });
  onTestFinished(async () => {
    await provider.close();
    await api.close();
    await expect.poll(() => processesOf(dir)).toEqual([]);
  });
  const ask = (user: string, more: Partial<StructuredPrompt> & { signal?: AbortSignal } = {}) => {
    const { signal = new AbortController().signal, ...prompt } = more;
    return provider.ask({ system: "You count.", schema: SCHEMA, priority: 0, user, ...prompt }, signal);
  };
  return { provider, api, dir, home, ask, pids: () => processesOf(dir, { shells: false }) };
}

/** Of one provider: their command lines name its folder; that of a zombie names nothing. A shell watches over each of them. */
export function processesOf(dir: string, { shells = true } = {}): number[] {
  const isOurs = (pid: string): boolean => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return line.includes(dir) && (shells || !line.startsWith("/bin/sh\0-c\0"));
    } catch {
      return false; // gone meanwhile
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map(Number);
}

/** Waits until so many requests hang at the API. */
export async function waits(api: { waiting(): number }, count: number): Promise<void> {
  await expect.poll(api.waiting, { timeout: 15_000 }).toBe(count);
}
