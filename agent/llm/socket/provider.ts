// The unix-socket agent behind the port: a local process that answers questions over newline-delimited JSON. Chat and understanding only.
import { randomUUID } from "node:crypto";
import type { ChatMessage, ChatOptions } from "../../../protocol/call.ts";
import {
  type AnswerStream,
  collectJson,
  costOf,
  countChars,
  finishReasonOf,
  listable,
  messagesOf,
  type Prices,
  pieces,
  priceOf,
  withSchemaInWords,
} from "../http/answer.ts";
import { type Bounds, DEFAULT_BOUNDS } from "../http/bounds.ts";
import { type Call, createCalls } from "../http/call.ts";
import { failed, quotable } from "../http/failure.ts";
import type { ChatEnd, Provider } from "../port.ts";
import { type Connection, connect, createInbox, type Inbox } from "./connection.ts";
import { type Counted, healthLine, type Incoming, MESSAGE_TYPE, requestLine } from "./messages.ts";

export interface SocketProviderConfig {
  id: string;
  name?: string | undefined; // shown to people; absent: the id
  path: string; // of the socket
  configured: boolean;
  model?: string | undefined; // absent: the agent's own choice
  prices?: Prices | undefined;
  bounds?: Partial<Bounds> | undefined;
}

const SPEAKER = { system: "System", user: "User", assistant: "Assistant" } as const;

/** The agent takes one text. A system message and one question need no names of speakers. */
function promptOf(messages: readonly ChatMessage[]): string {
  const talk = messages.filter(({ role }) => role !== "system");
  const named = talk.length > 1;
  return messages.map(({ role, content }) => (named && role !== "system" ? `${SPEAKER[role]}: ${content}` : content)).join("\n\n");
}

function metadataOf(options: ChatOptions, model: string | null): Record<string, unknown> {
  const { temperature, topP, maxTokens, stop, seed, json } = options;
  const all = { model: model ?? undefined, temperature, top_p: topP, max_tokens: maxTokens, stop, seed, json_schema: json?.schema };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

interface Question {
  messages: ChatMessage[];
  options: ChatOptions;
  model: string | null;
  stream: boolean;
}

export function createSocketProvider(config: SocketProviderConfig): Provider {
  const { id, path, configured, prices } = config;
  const name = config.name ?? id;
  const bounds = { ...DEFAULT_BOUNDS, ...config.bounds };
  const calls = createCalls(name, bounds.totalMs);
  let shared: { opening: Promise<Connection>; connection: Connection | null } | null = null;

  /** The connection that is there or being made, or a new one; one that failed or ended is not asked again. */
  function connection(): Promise<Connection> {
    if (shared !== null && shared.connection?.usable() !== false) return shared.opening;
    const mine: typeof shared = { opening: connect(path, name, bounds.connectMs), connection: null };
    shared = mine;
    mine.opening.then(
      (made) => {
        mine.connection = made;
      },
      () => {
        if (shared === mine) shared = null;
      },
    );
    return mine.opening;
  }

  async function next(inbox: Inbox, ms: number): Promise<Incoming> {
    const timer = setTimeout(() => inbox.fail(failed("timeout", `${name} said nothing for ${ms} ms`)), ms);
    try {
      return await inbox.next();
    } finally {
      clearTimeout(timer);
    }
  }

  function endOf(told: Counted, model: string | null): ChatEnd {
    const [promptTokens, completionTokens] = [told.input_tokens ?? null, told.output_tokens ?? null];
    const usage = promptTokens === null && completionTokens === null ? null : { promptTokens, cachedTokens: null, completionTokens };
    const served = told.model ?? model ?? "unknown";
    return {
      finishReason: finishReasonOf(told.finish_reason ?? "stop"),
      model: served,
      usage,
      cost: costOf(null, usage, priceOf(prices, served)),
    };
  }

  function read(message: Incoming): { text: string; final: boolean; error: string | null; told: Counted } {
    switch (message.type) {
      case MESSAGE_TYPE.response:
        return { text: message.payload.content, final: true, error: message.payload.error || null, told: message.payload };
      case MESSAGE_TYPE.streamChunk:
        return { text: message.payload.delta, final: message.payload.is_final, error: null, told: message.payload };
      case MESSAGE_TYPE.error:
        return { text: "", final: true, error: message.payload.error, told: {} };
      case MESSAGE_TYPE.healthResponse:
        throw failed("invalid", `${name} answered a question with its health`);
    }
  }

  async function* ask(call: Call, { messages, options, model: wanted, stream }: Question): AnswerStream {
    call.check();
    const model = wanted ?? config.model ?? null;
    const spoken = options.json === undefined ? messages : withSchemaInWords(messages, options.json.schema);
    const asked = messages.map((message) => message.content);
    const request = { prompt: promptOf(spoken), stream, metadata: metadataOf(options, model) };
    const count = countChars(name);
    const to = await connection();
    const inbox = createInbox(name);
    const forget = call.onStop(inbox.fail);
    const question = randomUUID();
    let answered = false;
    try {
      to.send(question, requestLine({ id: question, timestamp: Date.now() }, request), inbox);
      // What is not streamed comes at once: its first message is its end.
      for (let boundMs = stream ? bounds.firstByteMs : bounds.totalMs; ; boundMs = bounds.idleMs) {
        const message = await next(inbox, boundMs);
        const said = read(message);
        answered = said.final;
        if (said.error !== null) throw failed("overloaded", `${name} failed${quotable(said.error, asked)}`);
        count(said.text);
        yield* pieces(said.text);
        if (answered) return endOf(said.told, model);
      }
    } finally {
      forget();
      to.release(question, { answered });
    }
  }

  return {
    ...{ id, kind: "unix-socket", name, configured, address: path, capabilities: ["understand", "chat"] },
    probe: (signal) =>
      calls.run(signal, async (call) => {
        // On a connection of its own: agents take one message of a connection after the other, and the shared one may be at work.
        const to = await connect(path, name, bounds.connectMs);
        const inbox = createInbox(name);
        const forget = call.onStop(inbox.fail);
        try {
          const check = randomUUID();
          to.send(check, healthLine({ id: check, timestamp: Date.now() }), inbox);
          const message = await next(inbox, bounds.firstByteMs);
          if (message.type !== MESSAGE_TYPE.healthResponse) throw failed("invalid", `${name} did not answer with its health`);
          const { status, provider, models, version } = message.payload;
          if (status !== "healthy") throw failed("overloaded", `${name} is not healthy${quotable(status, [])}`);
          const one = config.model ?? provider ?? null;
          return { models: listable(models ?? (one === null ? [] : [one])), version: version?.slice(0, 80) ?? null };
        } finally {
          forget();
          to.close();
        }
      }),
    async *chat({ messages, options, model }, signal) {
      const call = calls.begin(signal);
      try {
        return yield* ask(call, { messages, options, model, stream: true });
      } finally {
        call.end();
      }
    },
    ask: (prompt, signal) =>
      calls.run(signal, (call) => {
        const options = { temperature: 0, json: { name: "answer", schema: prompt.schema } };
        return collectJson(ask(call, { messages: messagesOf(prompt), options, model: null, stream: false }), name);
      }),
    async close() {
      calls.close();
      (await shared?.opening.catch(() => null))?.close();
    },
  };
}
