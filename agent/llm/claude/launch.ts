// How the CLI is called: its arguments and its environment. No tools, no settings of the user, no files of the machine.
import { childEnv } from "../../env.ts";

/** What a process is started for. Another one needs another process. */
export interface Profile {
  system: string;
  schema: Record<string, unknown> | null; // null: the answer is text
  model: string | null; // null: the CLI's default
  stream: boolean; // text comes in pieces
}

/** Equal for equal profiles. */
export function profileKey({ system, schema, model, stream }: Profile): string {
  return JSON.stringify([system, schema, model, stream]);
}

const CREDENTIALS = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];
const HANDED_DOWN = [...CREDENTIALS, "ANTHROPIC_BASE_URL", "CLAUDE_CONFIG_DIR"];

// The text of an operator must never make the CLI read a file: without the first two "@/etc/passwd" in it sends that file to the API.
const SWITCHES = {
  CLAUDE_CODE_DISABLE_ATTACHMENTS: "1",
  CLAUDE_CODE_DISABLE_FILE_MENTIONS: "1",
  CLAUDE_CODE_DISABLE_CLAUDE_MDS: "1",
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: "1", // a cut stream is not asked again behind our back
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  DISABLE_AUTOUPDATER: "1",
  CLAUDE_CODE_MAX_RETRIES: "1", // one, because only an announced retry tells its Retry-After; we stop there, the router decides
};

/** An allow-list of the agent's environment. The API's own bound is ours: a process that outlives the agent ends by it. */
export function claudeEnv(source: NodeJS.ProcessEnv, promptMs: number): Record<string, string> {
  const handed = HANDED_DOWN.flatMap((name) => (source[name] ? [[name, source[name]] as const] : []));
  return childEnv(source, { ...Object.fromEntries(handed), ...SWITCHES, API_TIMEOUT_MS: String(promptMs) });
}

export function secretsOf(env: Record<string, string>): string[] {
  return CREDENTIALS.flatMap((name) => env[name] ?? []);
}

/** `--bare` starts faster and sends less, but knows no login other than a key: people who are logged in go without. */
function isBare(env: Record<string, string>): boolean {
  return env["ANTHROPIC_API_KEY"] !== undefined || env["ANTHROPIC_AUTH_TOKEN"] !== undefined;
}

/** The system prompt goes by file: it may be longer than an argument, and arguments are seen by every user of the machine. */
export function launchArgs({ schema, model, stream }: Profile, { systemFile, env }: { systemFile: string; env: Record<string, string> }) {
  return [
    "-p",
    ...(isBare(env) ? ["--bare"] : ["--setting-sources", "", "--strict-mcp-config"]),
    ...["--no-session-persistence", "--tools", "", "--system-prompt-file", systemFile],
    ...["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
    ...(schema === null ? [] : ["--json-schema", schemaText(schema)]),
    ...(model === null ? [] : ["--model", model]),
    ...(stream ? ["--include-partial-messages"] : []),
  ];
}

/** The CLI's validator knows draft-07 and ends at the name of a later draft; the keywords of both that we use are the same. */
export function schemaText({ $schema: _, ...schema }: Record<string, unknown>): string {
  return JSON.stringify(schema);
}

/** A text that begins with a slash would be run as a command of the CLI ("/model", "/config"); after a line break it is text. */
export function promptText(text: string): string {
  return text.startsWith("/") ? `\n${text}` : text;
}
