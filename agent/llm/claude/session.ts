// One CLI process as a conversation partner: ready, one prompt at a time, forgetting in between, an end. Which prompt it gets is the pool's.
import { err, ok, type Result } from "../../../protocol/result.ts";
import { failed } from "../http/failure.ts";
import type { ChatEnd, ProviderFailure } from "../port.ts";
import type { ClaudeBounds } from "./bounds.ts";
import { startChild } from "./child.ts";
import { type CliEvent, type CliResult, parseEvent } from "./events.ts";
import { promptText } from "./launch.ts";
import { costOf, judge, retryFailure, usageOf } from "./outcome.ts";
import { stoppedBy } from "./stop.ts";
import { createTextFlow } from "./text.ts";

export interface Prompt {
  text: string;
  signal: AbortSignal;
  onText(text: string): void; // only of a process that streams
}

/** An answer as the CLI gave it, with what it took. */
export interface Answer extends Omit<ChatEnd, "finishReason"> {
  result: CliResult;
}

export interface Session {
  readonly pid: number | undefined;
  readonly startedAt: number;
  readonly prompts: () => number;
  /** The names of the models it knows, once it is there. */
  readonly ready: Promise<Result<string[], ProviderFailure>>;
  prompt(prompt: Prompt): Promise<Result<Answer, ProviderFailure>>;
  /** Forgets the conversation. False: it did not, and must not be used again. */
  clear(): Promise<boolean>;
  alive(): boolean;
  end(): Promise<void>;
}

export interface SessionInput {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  secrets: readonly string[];
  bounds: ClaudeBounds;
}

const ENDED: ProviderFailure = { kind: "cancelled", message: "this claude process was ended by us" };

export function startSession({ bounds, ...launch }: SessionInput): Session {
  let listener: ((event: CliEvent) => void) | null = null;
  let model = "unknown";
  let conversation = ""; // its id: a new one after every clearing
  let spentUsd = 0; // in this conversation
  let prompts = 0;
  let gone = false;
  const child = startChild({ ...launch, graceMs: bounds.graceMs, onLine });
  const end = child.gone.then((failure) => {
    gone = true;
    return failure;
  });

  function onLine(line: string): void {
    if (line.trim() === "") return;
    const event = parseEvent(line);
    if (event === undefined) throw failed("invalid", "claude printed a line that is not one of its events");
    if (event?.type === "system" && event.subtype === "init") model = event.model;
    if (event !== null) listener?.(event);
  }

  /** Hands every event to `take` until that returns something, or the process is gone. */
  async function exchange<T>(line: object, take: (event: CliEvent) => T | undefined): Promise<Result<T, ProviderFailure>> {
    const { promise, resolve } = Promise.withResolvers<T>();
    listener = (event) => {
      const taken = take(event);
      if (taken !== undefined) resolve(taken);
    };
    child.write(line);
    const outcome = await Promise.race([promise.then(ok), end.then(err)]);
    listener = null;
    return outcome;
  }

  async function bounded<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
    const timer = setTimeout(() => child.kill({ kind: "timeout", message: `claude did not ${what} within ${ms} ms` }), ms);
    return work.finally(() => clearTimeout(timer));
  }

  function begin(): Promise<Result<string[], ProviderFailure>> {
    const hello = control("hello", "initialize");
    return exchange(hello, (event) => {
      if (event.type !== "control_response" || event.response.request_id !== "hello") return undefined;
      return event.response.response?.models.map(({ value }) => value).filter((value) => value !== "default") ?? [];
    });
  }

  async function prompt({ text, signal, onText }: Prompt): Promise<Result<Answer, ProviderFailure>> {
    if (gone) return err(await end);
    if (signal.aborted) return err(stoppedBy(signal));
    prompts += 1;
    const flow = createTextFlow(onText);
    let stopped: ProviderFailure | null = null;
    let killer: NodeJS.Timeout | undefined;
    const stop = (failure: ProviderFailure): void => {
      if (stopped !== null) return;
      stopped = failure;
      child.write(control("stop", "interrupt"));
      killer = setTimeout(() => child.kill(failure), bounds.interruptMs);
    };
    const onAbort = () => stop(stoppedBy(signal));
    signal.addEventListener("abort", onAbort);
    const outcome = await exchange(userLine(promptText(text)), (event) => {
      if (event.type === "result") return event;
      const failure =
        event.type === "stream_event"
          ? flow.take(event)
          : event.type === "system" && event.subtype === "api_retry"
            ? (flow.retried() ?? retryFailure(event))
            : null;
      if (failure !== null) stop(failure);
      return undefined;
    });
    signal.removeEventListener("abort", onAbort);
    clearTimeout(killer);
    const before = spentUsd;
    if (outcome.ok) remember(outcome.value);
    if (stopped !== null) return err(stopped);
    const judged = outcome.ok ? judge(outcome.value) : outcome;
    const whole = judged.ok ? flow.end(judged.value) : judged;
    if (!whole.ok) return whole;
    return ok({ result: whole.value, model, usage: usageOf(whole.value), cost: costOf(whole.value, before) });
  }

  function remember(result: CliResult): void {
    conversation = result.session_id;
    spentUsd = result.total_cost_usd ?? 0;
  }

  async function clear(): Promise<boolean> {
    const before = conversation;
    const done = exchange(userLine("/clear"), (event) => (event.type === "result" ? event : undefined));
    const outcome = await bounded(done, bounds.clearMs, "forget");
    if (!outcome.ok) return false;
    remember(outcome.value);
    return !outcome.value.is_error && conversation !== before;
  }

  return {
    ...{ pid: child.pid, startedAt: Date.now(), ready: bounded(begin(), bounds.startMs, "start"), prompt, clear },
    prompts: () => prompts,
    alive: () => !gone,
    async end() {
      child.kill(ENDED);
      await end;
    },
  };
}

function control(id: string, subtype: string): object {
  return { type: "control_request", request_id: id, request: { subtype } };
}

function userLine(content: string): object {
  return { type: "user", message: { role: "user", content }, parent_tool_use_id: null };
}
