// The agent's environment: the only file that reads it. The entry file calls parseAgentEnv and passes values on.
import { hostname } from "node:os";
import path from "node:path";
import * as z from "zod";

/** Something the operator has to put right. Its message is the whole help: it is printed without a stack. */
export class OperatorError extends Error {
  override name = "OperatorError";
}

const NAME_MAX = 63; // as protocol/agent.ts takes it
const DEFAULT_DATA_DIR = ".data/agent";

function wholeNumber(fallback: number, min: number, max: number) {
  return z.coerce.number("must be a number").int("must be a whole number").min(min).max(max).default(fallback);
}

function durationMs(fallback: number) {
  return wholeNumber(fallback, 1, 24 * 60 * 60 * 1000);
}

function parseLabels(text: string, context: z.RefinementCtx): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const pair of text.split(",").filter((part) => part.trim() !== "")) {
    const [key = "", ...rest] = pair.split("=");
    const value = rest.join("=").trim();
    if (key.trim() === "" || rest.length === 0 || key.trim().length > NAME_MAX || value.length > NAME_MAX) {
      context.addIssue({ code: "custom", message: "must look like key=value,key=value; each part at most 63 characters" });
      return {};
    }
    labels[key.trim()] = value;
  }
  return labels;
}

/** Every variable of the agent; .env.example lists the same ones with the same defaults (a test compares them). */
export const AgentEnv = z.object({
  WORKER_URL: z.url({ protocol: /^https?$/, error: "must be the http(s) address of the control centre" }),
  AGENT_DATA_DIR: z.string().default(DEFAULT_DATA_DIR),
  AGENT_CREDENTIAL_FILE: z.string().default(""), // filled below: it follows AGENT_DATA_DIR
  AGENT_CONFIG: z.string().default("agent.yaml"),
  AGENT_PORT: wholeNumber(8791, 0, 65_535), // 0 picks a free one
  AGENT_SLOTS: wholeNumber(4, 1, 64),
  AGENT_NAME: z
    .string()
    .max(NAME_MAX)
    .default(() => hostname().slice(0, NAME_MAX)),
  AGENT_LABELS: z.string().default("").transform(parseLabels),
  KPT_BIN: z.string().default("kpt"),
  CLAUDE_BIN: z.string().default("claude"),
  OLLAMA_HOST: z.string().default("127.0.0.1:11434"), // as Ollama itself takes it: [scheme://]host[:port]
  LLM_DISCOVERY: z.enum(["on", "off"]).default("on"), // off: only what is configured is looked for
  SYNC_TIMEOUT_MS: durationMs(120_000),
  VERIFY_TIMEOUT_MS: durationMs(90_000),
  DRIFT_INTERVAL_MS: durationMs(15_000),
  RENDER_TIMEOUT_MS: durationMs(30_000),
  GIT_TIMEOUT_MS: durationMs(20_000),
  DRAIN_TIMEOUT_MS: durationMs(60_000),
  CANCEL_GRACE_MS: durationMs(1_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be an http(s) address" }).optional(), // absent: no traces
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});
export type AgentEnv = z.infer<typeof AgentEnv>;

/** Throws an OperatorError that names each wrong variable. An empty value counts as not set, as in a copied .env.example. */
export function parseAgentEnv(env: NodeJS.ProcessEnv): AgentEnv {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""));
  const parsed = AgentEnv.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `  ${name}: ${set[name] === undefined ? "is required" : issue.message}`;
    });
    throw new OperatorError(`The environment is not right:\n${lines.join("\n")}`);
  }
  const value = parsed.data;
  return { ...value, AGENT_CREDENTIAL_FILE: value.AGENT_CREDENTIAL_FILE || path.join(value.AGENT_DATA_DIR, "credential.json") };
}

// What a program needs to find its files and its way out; nothing of the agent's own, so no secret is handed down by accident.
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
];

/** The environment of a child process: an allow-list, plus what the caller gives. */
export function childEnv(env: NodeJS.ProcessEnv, extra: Record<string, string> = {}): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(inherited), ...extra };
}
