// The life of the processes behind the Claude adapter: when they are kept, replaced, shared and ended, and what they are given.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { CLIS, SCHEMA } from "./binaries.ts";
import { NEVER, type Reply } from "./messages-api.ts";
import { processesOf, start, waits } from "./support.ts";

const GOOD: Reply = { tool: { replicas: 1 } };
const reply = () => GOOD;
const system = "You count.";

describe.each(CLIS)("$name", (cli) => {
  describe.skipIf(!cli.installed)("processes", () => {
    test("one process answers prompt after prompt, and is there before the first when it is warmed", async () => {
      const { provider, ask, pids } = await start(cli, { reply });
      await provider.warm({ system, schema: SCHEMA });
      const first = pids();
      expect(first).toHaveLength(1);
      await ask("one");
      await ask("two");
      expect(pids()).toEqual(first);
    });

    test("warmed for another question it is replaced before anybody asks that", async () => {
      const { provider, ask, pids } = await start(cli, { reply });
      await provider.warm({ system, schema: SCHEMA });
      const first = pids();
      await provider.warm({ system: "You count twice.", schema: SCHEMA });
      const second = pids();
      expect(second).toHaveLength(1);
      expect(second).not.toEqual(first);
      await ask("two", { system: "You count twice." });
      expect(pids()).toEqual(second);
    });

    test("after so many prompts it is replaced by one that is warm already", async () => {
      const { ask, pids } = await start(cli, { reply, bounds: { maxPrompts: 2 } });
      await ask("one");
      const [first] = pids();
      await ask("two");
      await expect.poll(pids, { timeout: 10_000 }).not.toContain(first);
      await expect.poll(pids, { timeout: 10_000 }).toHaveLength(1);
      expect(await ask("three")).toMatchObject({ ok: true });
    });

    test("one that has grown too big is replaced", async () => {
      const { ask, pids } = await start(cli, { reply, bounds: { maxRssMb: 1 } });
      expect(await ask("one")).toMatchObject({ ok: true });
      const [first] = pids();
      expect(await ask("two")).toMatchObject({ ok: true });
      expect(pids()).not.toContain(first);
    });

    test("one that is too old is replaced while nobody asks anything", async () => {
      const { provider, pids } = await start(cli, { reply, bounds: { maxAgeMs: 1_500 } });
      await provider.warm({ system, schema: SCHEMA });
      const [first] = pids();
      await expect.poll(pids, { timeout: 10_000 }).not.toContain(first);
      await expect.poll(pids, { timeout: 10_000 }).toHaveLength(1);
    });

    test("another system prompt or schema gets another process, the same one keeps it", async () => {
      const { ask, pids, api } = await start(cli, { reply });
      await ask("one");
      const [first] = pids();
      await ask("two", { system: "You count twice." });
      const [second] = pids();
      await ask("three", { system: "You count twice." });
      expect(pids()).toEqual([second]);
      expect(second).not.toBe(first);
      await ask("four", { system: "You count twice.", schema: { ...SCHEMA, title: "Other" } });
      expect(pids()).not.toContain(second);
      expect(api.requests.map((request) => request.system.includes("You count twice."))).toEqual([false, true, true, true]);
    });

    test("one that is killed in the middle of a prompt fails that prompt and is replaced", async () => {
      const { ask, pids, api } = await start(cli, { reply: ({ text }) => (text.includes("one") ? NEVER : GOOD) });
      const lost = ask("one");
      await waits(api, 1);
      const [pid = 0] = pids();
      process.kill(pid, "SIGKILL");
      expect(await lost).toEqual({ ok: false, error: { kind: "cut", message: "claude ended with SIGKILL" } });
      expect(await ask("two")).toMatchObject({ ok: true });
      expect(pids()).not.toContain(pid);
    });

    test("one that does not react to an interrupt is killed, and its caller does not wait longer", async () => {
      const { ask, pids, api } = await start(cli, { reply: () => NEVER, bounds: { interruptMs: 200, graceMs: 200 } });
      const caller = new AbortController();
      const hung = ask("one", { signal: caller.signal });
      await waits(api, 1);
      const [pid = 0] = pids();
      process.kill(pid, "SIGSTOP"); // it will not see the interrupt, and TERM neither
      caller.abort();
      expect(await hung).toMatchObject({ ok: false, error: { kind: "cancelled" } });
      await expect.poll(pids, { timeout: 10_000 }).not.toContain(pid);
    });

    test("prompts wait in a queue: the more important first, and one too many is told to go elsewhere", async () => {
      const gates: (() => void)[] = [];
      const { ask, api } = await start(cli, {
        reply: () => new Promise<Reply>((resolve) => gates.push(() => resolve(GOOD))),
        bounds: { queueLimit: 2 },
      });
      const running = ask("running");
      await waits(api, 1);
      const waiting = [ask("low", { priority: 1 }), ask("high", { priority: 9 })];
      expect(await ask("too many")).toEqual({ ok: false, error: { kind: "busy", message: "2 prompts wait for claude already" } });
      for (const done of [1, 2, 3]) {
        await expect.poll(() => gates.length, { timeout: 10_000 }).toBe(done);
        gates.at(-1)?.();
      }
      await Promise.all([running, ...waiting]);
      expect(api.requests.map(({ text }) => text.split("\n").at(-1))).toEqual(["running", "high", "low"]);
    });

    test("who leaves the queue frees a place in it", async () => {
      const { ask, api } = await start(cli, { reply: () => NEVER, bounds: { queueLimit: 1 } });
      const stop = new AbortController();
      void ask("running", { signal: stop.signal });
      await waits(api, 1);
      const caller = new AbortController();
      const waiting = ask("waiting", { signal: caller.signal });
      caller.abort();
      expect(await waiting).toMatchObject({ ok: false, error: { kind: "cancelled" } });
      const next = ask("next", { signal: stop.signal });
      stop.abort();
      expect(await next).toMatchObject({ ok: false, error: { kind: "cancelled" } }); // not busy
    });

    test("answers never change hands, however many callers leave at whatever moment, and their leaving costs no process", async () => {
      const { ask, pids } = await start(cli, { reply: ({ text }) => ({ tool: { replicas: Number(/<(\d+)>$/.exec(text)?.[1]) } }) });
      await ask("<1>");
      const before = pids();
      const numbers = Array.from({ length: 24 }, (_, index) => index + 1);
      const answers = await Promise.all(
        numbers.map(async (number) => {
          const caller = new AbortController();
          if (number % 2 === 0) setTimeout(() => caller.abort(), number * 29); // spread over the time that all of them take
          const answer = await ask(`<${number}>`, { signal: caller.signal });
          return answer.ok ? answer.value.value : answer.error.kind;
        }),
      );
      for (const [index, answer] of answers.entries()) expect([{ replicas: index + 1 }, "cancelled"]).toContainEqual(answer);
      expect(answers.filter((_, index) => index % 2 === 0)).not.toContain("cancelled");
      expect(pids()).toEqual(before);
    });

    test("a caller who leaves while the process starts leaves it to the next one", async () => {
      const { ask, pids, api } = await start(cli, { reply });
      const leave = async (more: { system: string }) => {
        const caller = new AbortController();
        const asked = ask("one", { ...more, signal: caller.signal });
        await expect.poll(pids, { timeout: 10_000, interval: 5 }).toHaveLength(1);
        caller.abort();
        return asked;
      };
      expect(await leave({ system })).toMatchObject({ ok: false, error: { kind: "cancelled" } });
      const [first] = pids();
      expect(await ask("two")).toMatchObject({ ok: true });
      expect(pids()).toEqual([first]);
      expect(await leave({ system: "You count twice." })).toMatchObject({ ok: false, error: { kind: "cancelled" } });
      expect(await ask("three", { system: "You count twice." })).toMatchObject({ ok: true });
      expect(pids()).toHaveLength(1);
      expect(api.requests).toHaveLength(2);
    });

    test("two processes answer two prompts at once", async () => {
      const { ask, api, pids } = await start(cli, { reply: () => NEVER, poolSize: 2 });
      const stop = new AbortController();
      const both = [ask("one", { signal: stop.signal }), ask("two", { signal: stop.signal })];
      await waits(api, 2);
      expect(pids()).toHaveLength(2);
      stop.abort();
      await Promise.all(both);
    });

    test("a chat starts a process only when it comes, stops its work when the reader leaves, and keeps none afterwards", async () => {
      async function* endless() {
        yield "one";
        await NEVER;
      }
      const { provider, api, pids } = await start(cli, { reply: () => ({ text: endless() }), bounds: { idleMs: 100 } });
      expect(pids()).toEqual([]);
      const request = { messages: [{ role: "user" as const, content: "count" }], options: {}, model: null, priority: 0 };
      for await (const piece of provider.chat(request, new AbortController().signal)) {
        expect(piece).toBe("one");
        break;
      }
      await waits(api, 0);
      await expect.poll(pids, { timeout: 10_000 }).toEqual([]);
    });

    test("closing ends everything at once: the prompt that runs, the ones that wait, and the processes", async () => {
      const { provider, ask, api, pids } = await start(cli, { reply: () => NEVER });
      const asked = [ask("running"), ask("waiting")];
      await waits(api, 1);
      await provider.close();
      expect(pids()).toEqual([]);
      for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ ok: false, error: { kind: "cancelled" } });
      expect(await ask("later")).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    });

    test("when the agent is killed in the middle of a prompt, its processes go with it", async () => {
      const { api, dir, home, pids } = await start(cli, { reply: () => NEVER });
      const holder = spawn(process.execPath, [path.join(import.meta.dirname, "holder-child.ts"), await cli.file(home), home, api.url]);
      await waits(api, 1);
      expect(pids()).toHaveLength(1);
      holder.kill("SIGKILL");
      await expect.poll(() => processesOf(dir), { timeout: 10_000 }).toEqual([]); // the shell that watched is gone too
    });

    test("of the agent's environment only an allow-list goes down, and the prompt is on no command line", async () => {
      const env = { AGENT_CREDENTIAL: "marker-of-a-secret", GIT_PASSWORD: "marker-of-another", HTTPS_PROXY: "" };
      const { ask, pids } = await start(cli, { reply, env });
      await ask("one", { system: "marker of the system prompt" });
      const [pid] = pids();
      const read = (what: string) => readFileSync(`/proc/${pid}/${what}`, "utf8");
      const names = read("environ")
        .split("\0")
        .map((pair) => pair.split("=")[0]);
      expect(names).toEqual(
        expect.arrayContaining(["PATH", "HOME", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "CLAUDE_CONFIG_DIR", "DISABLE_TELEMETRY"]),
      );
      expect(read("environ")).not.toContain("marker-of");
      expect(read("cmdline")).not.toContain("marker of the system prompt");
      expect(read("cmdline")).not.toContain("sk-ant-test");
    });
  });
});
