// The turns of the stand-in CLI: one conversation, prompts that come while it is busy are merged, output by schema with corrections and one
// reminder, figures per turn and in total, as the real one was seen to do it.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { type ApiAnswer, type ApiError, type ApiUsage, callApi, type Message } from "./stand-in-api.ts";

export interface TurnsInput {
  credential: Record<string, string> | null;
  bare: boolean;
  system: string;
  schema: Record<string, unknown> | null; // null: the answer is text
  model: string;
  partial: boolean;
}

interface Spent {
  usage: ApiUsage;
  usd: number;
}

const CLEARED = "<local-command-caveat>recorded</local-command-caveat>\n<command-name>/clear</command-name>\n";
const NUDGE = "[structured-output-enforce] You MUST call the StructuredOutput tool to complete this request. Call this tool now.";
const MAX_CORRECTIONS = 5;
const NO_USAGE: ApiUsage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };

export function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

export function createTurns(input: TurnsInput) {
  const validate = input.schema === null ? null : new Ajv().compile(input.schema);
  let history: Message[] = [];
  let session: string = randomUUID();
  let total = 0;
  const waiting: string[] = [];
  let running: Promise<void> | null = null;
  let stop = new AbortController();
  let failed = false;

  function result(more: object, usage: ApiUsage, usd: number): void {
    total += usd;
    const known = input.model.startsWith("claude-");
    const figures = usd === 0 ? {} : { [input.model]: { costUSD: usd, costBasis: known ? "list" : "unknown" } };
    const base = { type: "result", subtype: "success", session_id: session, uuid: randomUUID(), num_turns: 1, api_error_status: null };
    say({ ...base, usage, total_cost_usd: total, modelUsage: {}, model_usage_since_last_result: figures, ...more });
  }

  function init(): void {
    say({
      type: "system",
      subtype: "init",
      session_id: session,
      model: input.model,
      tools: input.schema === null ? [] : ["StructuredOutput"],
    });
  }

  function command(name: string): void {
    if (name === "clear") {
      say({ type: "conversation_reset", trigger: "clear", session_id: session });
      session = randomUUID();
      history = [{ role: "user", content: CLEARED }];
      total = 0;
    }
    init();
    result({ is_error: false, num_turns: 0, result: name === "clear" ? "" : `Set ${name}`, local_command: name }, NO_USAGE, 0);
  }

  async function turn(text: string): Promise<void> {
    const name = /^\/(clear|model|config)\b/.exec(text)?.[1];
    if (name !== undefined) return command(name);
    init();
    failed = false;
    history.push({ role: "user", content: withMentions(text, input.bare) });
    const spent: Spent = { usage: { ...NO_USAGE }, usd: 0 };
    const error = (more: object): void => {
      failed = true;
      result({ is_error: true, terminal_reason: "api_error", stop_reason: "stop_sequence", ...more }, spent.usage, spent.usd);
    };
    if (input.credential === null) return error({ result: "Not logged in · Please run /login" });
    await rounds(input.credential, spent, error);
  }

  /** Calls of the API until there is an answer, or an end of the patience. */
  async function rounds(credential: Record<string, string>, spent: Spent, error: (more: object) => void): Promise<void> {
    let nudged = false;
    for (let wrong = 0; ; ) {
      const answer = await callApi({ ...input, credential, history, signal: stop.signal, say });
      if ("aborted" in answer) {
        history.push({ role: "user", content: "[Request interrupted by user]" });
        return error({ subtype: "error_during_execution", terminal_reason: "aborted_streaming", stop_reason: null, errors: ["recorded"] });
      }
      if ("failed" in answer) return error(apiError(answer));
      count(spent, answer);
      if (validate === null) return done(answer.text, answer, spent);
      if (answer.tool === undefined) {
        if (nudged) return done(answer.text, answer, spent);
        nudged = true;
        history.push({ role: "assistant", content: answer.text }, { role: "user", content: NUDGE });
        continue;
      }
      if (validate(answer.tool)) return done(JSON.stringify(answer.tool), answer, { ...spent, value: answer.tool });
      wrong += 1;
      if (wrong >= MAX_CORRECTIONS) return error({ subtype: "error_max_structured_output_retries", errors: ["recorded"] });
      const faults = validate.errors?.map((fault) => `${fault.instancePath}: ${fault.message}`).join(", ");
      history.push(...correction(answer.tool, `Output does not match required schema: ${faults}`));
    }
  }

  function done(text: string, { stopReason }: ApiAnswer, { usage, usd, value }: Spent & { value?: unknown }): void {
    history.push({ role: "assistant", content: text });
    const output = value === undefined ? {} : { structured_output: value };
    result({ is_error: false, terminal_reason: "completed", stop_reason: stopReason, result: text, ...output }, usage, usd);
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.splice(0).join("\n") || undefined) {
      stop = new AbortController();
      await turn(next);
    }
    running = null;
  }

  return {
    take(text: string): void {
      waiting.push(text);
      running ??= work();
    },
    interrupt: () => stop.abort(),
    idle: async () => running,
    failedLast: () => failed,
  };
}

function correction(tool: unknown, complaint: string): Message[] {
  const call = { type: "tool_use", id: "toolu_1", name: "StructuredOutput", input: tool };
  const result = { type: "tool_result", tool_use_id: "toolu_1", is_error: true, content: complaint };
  return [
    { role: "assistant", content: [call] },
    { role: "user", content: [result] },
  ];
}

function count(spent: Spent, { usage }: ApiAnswer): void {
  spent.usage.input_tokens += usage.input_tokens;
  spent.usage.cache_read_input_tokens += usage.cache_read_input_tokens;
  spent.usage.output_tokens += usage.output_tokens;
  spent.usd += (usage.input_tokens * 4 + usage.cache_read_input_tokens * 0.2 + usage.output_tokens * 20) / 1_000_000;
}

function apiError({ failed, status, text }: ApiError): object {
  return { api_error_status: status, result: text, ...(failed === "connection" ? { api_error: "connection_failed" } : {}) };
}

/** "@/path" in a prompt makes the real one read that file, unless it is told not to. */
function withMentions(text: string, bare: boolean): string {
  const file = /@(\/\S+)/.exec(text)?.[1];
  if (file === undefined || bare || process.env.CLAUDE_CODE_DISABLE_ATTACHMENTS === "1") return text;
  return `<system-reminder>\nResult of calling the Read tool:\n${readFileSync(file, "utf8")}</system-reminder>\n${text}`;
}
