import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseAgentConfig } from "../../../agent/config.ts";
import { type BuildInput, buildSpecs } from "../../../agent/llm/build.ts";
import { LlmConfig } from "../../../agent/llm/config.ts";
import { SILENT, START } from "./support.ts";

async function specsOf(config: unknown, env: Partial<BuildInput["env"]> = {}, source: NodeJS.ProcessEnv = {}) {
  const dir = await mkdtemp(path.join(tmpdir(), "llm-build-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const usual = { AGENT_DATA_DIR: dir, CLAUDE_BIN: "claude", OLLAMA_HOST: "127.0.0.1:11434", LLM_DISCOVERY: "on" } as const;
  const specs = buildSpecs({
    ...{ env: { ...usual, ...env }, source, log: SILENT, now: () => START },
    config: config === undefined ? undefined : LlmConfig.parse(config),
    secret: async () => "hunter2",
  });
  return specs.map(({ provider: { id, kind, address, configured }, model, timeoutMs = null }) => ({
    id,
    kind,
    address,
    configured,
    model,
    timeoutMs,
  }));
}

const FOUND = { configured: false, model: null, timeoutMs: null };
const CLAUDE = { id: "claude", kind: "claude-cli", address: "claude" };

test("without a configuration the CLI and the well-known addresses are looked for", async () => {
  expect(await specsOf(undefined)).toEqual([
    { ...CLAUDE, ...FOUND },
    { id: "llamafarm", kind: "llamafarm", address: "http://127.0.0.1:14345", ...FOUND },
    { id: "ollama", kind: "ollama", address: "http://127.0.0.1:11434", ...FOUND },
  ]);
});

test("with discovery off nobody knocks anywhere that is not configured", async () => {
  expect(await specsOf(undefined, { LLM_DISCOVERY: "off" })).toEqual([]);
  expect(await specsOf(undefined, { LLM_DISCOVERY: "off" }, { CLAUDE_BIN: "claude" })).toEqual([{ ...CLAUDE, ...FOUND, configured: true }]);
  expect(await specsOf({ claude: { enabled: false } })).toHaveLength(2);
});

test("what the file names is there as it says, and is not looked for a second time", async () => {
  const config = {
    claude: { poolSize: 2, model: "sonnet", timeoutMs: 20_000 },
    providers: [
      {
        id: "vllm",
        type: "openai-compatible",
        url: "https://models.example.net/v1",
        model: "qwen3",
        apiKeyRef: { env: "KEY" },
        timeoutMs: 30_000,
      },
      { id: "farm", type: "llamafarm", url: "http://127.0.0.1:14345/", namespace: "default", project: "ops" },
      { id: "ollama", type: "ollama", url: "http://10.0.0.7:11434" },
      { id: "headless", type: "unix-socket", path: "/run/llm.sock" },
      { id: "legacy", type: "headless", url: "https://intents.example.net/", apiKeyRef: { env: "KEY" }, timeoutMs: 10_000 },
    ],
  };
  const named = { configured: true, model: null, timeoutMs: null };
  expect(await specsOf(config)).toEqual([
    { ...CLAUDE, configured: true, model: "sonnet", timeoutMs: 20_000 },
    {
      id: "vllm",
      kind: "openai-compatible",
      address: "https://models.example.net/v1",
      configured: true,
      model: "qwen3",
      timeoutMs: 30_000,
    },
    { id: "farm", kind: "llamafarm", address: "http://127.0.0.1:14345", ...named },
    { id: "ollama", kind: "ollama", address: "http://10.0.0.7:11434", ...named },
    { id: "headless", kind: "unix-socket", address: "/run/llm.sock", ...named },
    { id: "legacy", kind: "headless", address: "https://intents.example.net", ...named, timeoutMs: 10_000 },
  ]);
});

const FILE = `repository: { url: /srv/r.git }
sites:
  - id: edge1
    kube: { url: "http://127.0.0.1:1/kube" }
    o2ims: { url: "http://127.0.0.1:1/o2" }
    prometheus: { url: "http://127.0.0.1:1/prom" }
    capacity: { downlinkMbps: 1000, uplinkMbps: 500, maxDevices: 100 }
llm:
  providers:
`;

test.each([
  [
    "a key in the address",
    "{ id: a, type: ollama, url: 'http://user:secret@host:1' }",
    "agent.yaml:10 llm.providers[0].url: must not carry a user",
  ],
  ["a key in the file", "{ id: a, type: ollama, url: 'http://host:1', apiKey: secret }", "agent.yaml:10 llm.providers[0].apiKey: "],
  ["an unknown type", "{ id: a, type: bedrock, url: 'http://host:1' }", "agent.yaml:10 llm.providers[0].type: "],
  ["the name of the rules", "{ id: rules, type: ollama, url: 'http://host:1' }", "agent.yaml:10 llm.providers[0].id: must not be one of"],
  [
    "a model of a service that has its own",
    "{ id: a, type: headless, url: 'http://host:1', model: m }",
    "agent.yaml:10 llm.providers[0].model: ",
  ],
  ["a relative socket", "{ id: a, type: unix-socket, path: llm.sock }", "agent.yaml:10 llm.providers[0].path: must be an absolute path"],
  [
    "one name twice",
    "{ id: a, type: ollama, url: 'http://host:1' }\n    - { id: a, type: ollama, url: 'http://host:2' }",
    'agent.yaml:11 llm.providers[1].id: "a" already names providers[0]',
  ],
])("%s is refused with its place in the file", (_, provider, message) => {
  expect(() => parseAgentConfig(`${FILE}    - ${provider}`, "agent.yaml")).toThrow(message);
});
