// Sentences through the whole of it: what build.ts makes of the environment, the router, and the Claude CLI before an API that does as told.
import { describe, expect, onTestFinished, test } from "vitest";
import { buildLlm } from "../../../agent/llm/build.ts";
import { CLIS, type Cli, cleared } from "./claude/binaries.ts";
import { type Reply, startMessagesApi } from "./claude/messages-api.ts";
import { folder, processesOf } from "./claude/support.ts";
import { call, DRAFT, SILENT, told, UNENDING } from "./support.ts";

const LOOKS = 5;

async function serviceOn(cli: Cli, reply: () => Reply) {
  const home = await folder();
  const api = await startMessagesApi(reply);
  const file = await cli.file(home);
  const env = { AGENT_DATA_DIR: home, CLAUDE_BIN: file, OLLAMA_HOST: "127.0.0.1:11434", LLM_DISCOVERY: "off" } as const;
  const source = { ...cleared(home, api.url), CLAUDE_BIN: file };
  const service = await buildLlm({ env, config: undefined, source, secret: async () => undefined, log: SILENT, now: () => new Date() });
  onTestFinished(async () => {
    await service.close();
    await api.close();
    expect(processesOf(home)).toEqual([]);
  });
  // A loaded machine may answer the first look too late; the agent looks again every 30 s.
  for (let looks = 0; looks < LOOKS && !service.available().includes("claude"); looks += 1) await service.discover(UNENDING);
  return { service, api };
}

describe.each(CLIS)("$name", (cli) => {
  describe.skipIf(!cli.installed)("in the agent", () => {
    test("understands a sentence, in a process that was ready before, and the same one again from the cache", async () => {
      const { service, api } = await serviceOn(cli, () => ({ tool: DRAFT }));
      await service.warm(call().sites);
      expect(service.available()).toEqual(["claude", "rules"]);
      const answers = [await service.understandCall(call(), UNENDING), await service.understandCall(call(), UNENDING)];
      const gist = answers.map(({ status, intent, metadata: { provider, fallback, cached, served } }) => {
        return { status, sites: intent.targetSites, ...intent.requirements, provider, fallback, cached, cost: served?.cost.source };
      });
      const both = { status: "success", sites: ["edge1"], downlinkMbps: 200, provider: "claude", fallback: false, cost: "provider" };
      expect(gist).toEqual([
        { ...both, cached: false },
        { ...both, cached: true },
      ]);
      expect(api.requests).toHaveLength(1);
      expect(api.requests[0]?.system).toContain('{"id":"edge1"}');
      expect(api.requests[0]?.text).toContain(call().text);
    });

    test("that is told to wait is passed over until then, and the rules answer", async () => {
      const { service, api } = await serviceOn(cli, () => ({ status: 429, type: "rate_limit_error", retryAfterSeconds: 60 }));
      const first = (await service.understandCall(call(), UNENDING)).metadata;
      const asked = api.requests.length;
      const second = (await service.understandCall(call(), UNENDING)).metadata;
      expect([first, second].map(({ fallback, served }) => [fallback, ...told(served?.attempts)])).toEqual([
        [true, "claude rate_limited", "rules answered"],
        [true, "claude breaker_open", "rules answered"],
      ]);
      expect(api.requests).toHaveLength(asked);
    });
  });
});
