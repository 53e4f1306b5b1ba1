// The Claude CLI behind the provider port: warm processes for understanding, others for chats. It never asks the API by itself.
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { err, ok, type Result } from "../../../protocol/result.ts";
import {
  type ChatEnd,
  type ChatRequest,
  type Provider,
  ProviderFailed,
  type ProviderFailure,
  type StructuredAnswer,
  type StructuredPrompt,
} from "../port.ts";
import { type ClaudeBounds, DEFAULT_CLAUDE_BOUNDS, MAX_SCHEMA_CHARS } from "./bounds.ts";
import { chatProfile, chatText, finishReasonOf } from "./chat.ts";
import { createFolder } from "./folder.ts";
import { claudeEnv, launchArgs, type Profile, schemaText, secretsOf } from "./launch.ts";
import { createPool, type Task } from "./pool.ts";
import { probeClaude } from "./probe.ts";
import { type Answer, type Session, startSession } from "./session.ts";
import { createTextChannel } from "./text.ts";

export interface ClaudeOptions {
  file: string; // CLAUDE_BIN: an absolute path, or a name on the PATH of env
  env: NodeJS.ProcessEnv; // of the agent; the CLI gets an allow-list of it
  dir: string; // absolute; what it needs it keeps in a folder of its own in `claude-cli` there, while it is in use
  model: string | null; // null: the CLI's default
  poolSize: number; // processes for understanding; as many for chats, when there are any
  configured: boolean; // false: nobody named it, it is looked for on PATH
  bounds?: Partial<ClaudeBounds>;
}

export interface ClaudeProvider extends Provider {
  chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<string, ChatEnd, undefined>;
  ask(prompt: StructuredPrompt, signal: AbortSignal): Promise<Result<StructuredAnswer, ProviderFailure>>;
  /** Starts the processes for these questions now: the first sentence does not wait for a start then. */
  warm(prompt: Pick<StructuredPrompt, "system" | "schema">): Promise<void>;
}

const MODEL_NAME = /^[\w][\w.:@/[\]-]*$/; // anything else could be taken for an option

export function createClaudeProvider(options: ClaudeOptions): ClaudeProvider {
  const { file, model, poolSize, configured } = options;
  const folder = createFolder(path.join(options.dir, "claude-cli"));
  const bounds = { ...DEFAULT_CLAUDE_BOUNDS, ...options.bounds };
  const env = claudeEnv(options.env, bounds.promptMs);
  const cwd = folder.empty;
  let models: string[] = [];

  function begin(profile: Profile): Session {
    folder.make();
    const systemFile = path.join(folder.dir, `system-${randomUUID()}.txt`);
    writeFileSync(systemFile, profile.system, { mode: 0o600 });
    const args = launchArgs(profile, { systemFile, env });
    const session = startSession({ file, args, cwd, env, bounds, secrets: secretsOf(env) });
    void session.ready.then((there) => {
      rmSync(systemFile, { force: true }); // it was read, or never will be
      if (there.ok) models = there.value;
    });
    return session;
  }

  const asks = createPool({ size: poolSize, bounds, keepWarm: true, start: begin });
  const chats = createPool({ size: poolSize, bounds, keepWarm: false, start: begin });

  async function* chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<string, ChatEnd, undefined> {
    const profile = chatProfile(request, model);
    const wrong = checkProfile(profile);
    if (wrong !== null) throw new ProviderFailed(wrong);
    const left = new AbortController(); // the reader went away
    const channel = createTextChannel();
    const task: Task = {
      ...{ profile, priority: request.priority, text: chatText(request.messages), signal: AbortSignal.any([signal, left.signal]) },
      onText: profile.stream ? channel.push : () => {}, // of an output by schema the value counts, not what is said beside it
    };
    const done = chats.run(task).finally(channel.close);
    try {
      yield* channel.read();
      const answer = await done;
      if (!answer.ok) throw new ProviderFailed(answer.error);
      const { result, ...took } = answer.value;
      if (!profile.stream) {
        const value = structured(answer.value);
        if (!value.ok) throw new ProviderFailed(value.error);
        yield JSON.stringify(value.value);
      }
      return { finishReason: finishReasonOf(result), ...took };
    } finally {
      left.abort();
      await done;
    }
  }

  return {
    ...{ id: "claude", kind: "claude-cli", name: "Claude CLI", address: file, configured, capabilities: ["understand", "chat"] },
    chat,
    async probe(signal) {
      try {
        folder.make();
      } catch (error) {
        return err({ kind: "unreachable", message: `its folder cannot be made: ${error instanceof Error ? error.message : "unknown"}` });
      }
      const version = await probeClaude({ file, cwd, env, signal });
      if (!version.ok) return version;
      return ok({ version: version.value, models: [...new Set([...(model === null ? [] : [model]), ...models])] });
    },
    async ask({ system, user, schema, priority }, signal) {
      const profile: Profile = { system, schema, model, stream: false };
      const wrong = checkProfile(profile);
      if (wrong !== null) return err(wrong);
      const answer = await asks.run({ profile, priority, text: user, signal, onText: () => {} });
      if (!answer.ok) return answer;
      const value = structured(answer.value);
      if (!value.ok) return value;
      const { result: _, ...took } = answer.value;
      return ok({ value: value.value, ...took });
    },
    warm: ({ system, schema }) => asks.warm({ system, schema, model, stream: false }),
    async close() {
      await Promise.all([asks.close(), chats.close()]);
      folder.remove();
    },
  };
}

/** A prompt can end well without it: the model was reminded once, and answered in words again. */
function structured({ result }: Answer): Result<unknown, ProviderFailure> {
  if (result.structured_output !== undefined && result.structured_output !== null) return ok(result.structured_output);
  return err({ kind: "invalid", message: "the model did not give the output that was asked for" });
}

function checkProfile({ schema, model }: Profile): ProviderFailure | null {
  if (model !== null && !MODEL_NAME.test(model)) return { kind: "refused", message: "this is not a name of a model" };
  if (schema !== null && schemaText(schema).length > MAX_SCHEMA_CHARS)
    return { kind: "refused", message: `the schema has more than ${MAX_SCHEMA_CHARS} characters` };
  return null;
}
