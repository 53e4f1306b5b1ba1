// The adapters under test, each before its own fake server, and what the suites ask of them. No cases here.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Bounds, DEFAULT_BOUNDS } from "../../../../agent/llm/http/bounds.ts";
import { createHttpProvider } from "../../../../agent/llm/http/build.ts";
import type { HttpProviderConfig } from "../../../../agent/llm/http/config.ts";
import { type ChatEnd, type ChatRequest, type Provider, ProviderFailed, type ProviderFailure } from "../../../../agent/llm/port.ts";
import { createSocketProvider } from "../../../../agent/llm/socket/provider.ts";
import type { Behaviour } from "../../../helpers/model-servers/behaviour.ts";
import { startHeadless } from "../../../helpers/model-servers/headless.ts";
import type { FakeModelServer } from "../../../helpers/model-servers/http-fake.ts";
import { startLlamaFarm } from "../../../helpers/model-servers/llamafarm.ts";
import { startOllama } from "../../../helpers/model-servers/ollama.ts";
import { startOpenAi } from "../../../helpers/model-servers/openai.ts";
import { startSocketAgent } from "../../../helpers/model-servers/unix-socket.ts";

/** Far above what a busy machine needs; a case that wants a bound to end a call sets that one. */
export const PATIENT: Bounds = { ...DEFAULT_BOUNDS, connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 };

export type HttpKind = HttpProviderConfig["kind"];
export const HTTP_KINDS: HttpKind[] = ["ollama", "openai-compatible", "llamafarm"]; // that chat; a headless service only understands
const START = { ollama: startOllama, "openai-compatible": startOpenAi, llamafarm: startLlamaFarm, headless: startHeadless };

export async function startFake(kind: HttpKind): Promise<FakeModelServer> {
  return START[kind]();
}

export function httpProvider(kind: HttpKind, url: string, rest: Partial<HttpProviderConfig> = {}): Provider {
  const project = kind === "llamafarm" ? { namespace: "default", project: "intents" } : {};
  return createHttpProvider({
    kind,
    id: "under-test",
    name: "Backend",
    url,
    configured: true,
    ...project,
    ...rest,
    bounds: { ...PATIENT, ...rest.bounds },
  });
}

/** One adapter and its far end, whatever it speaks. */
export interface Subject {
  provider(bounds?: Partial<Bounds>): Provider;
  behave(behaviour: Behaviour): void;
  forgetUsage(): void;
  refuse(): Promise<void>;
  listen(): Promise<void>;
  /** Ends when the connection of the last question is closed by the client before its answer was whole. */
  clientGone(): Promise<void>;
  /** Ends when a question has arrived. */
  asked(): Promise<void>;
  close(): Promise<void>;
}

export const SUBJECTS = {
  ...{
    ollama: () => httpSubject("ollama"),
    "openai-compatible": () => httpSubject("openai-compatible"),
    llamafarm: () => httpSubject("llamafarm"),
  },
  "unix-socket": socketSubject,
} satisfies Record<string, () => Promise<Subject>>;

async function httpSubject(kind: HttpKind): Promise<Subject> {
  const server = await startFake(kind);
  const providers: Provider[] = [];
  return {
    provider(bounds = {}) {
      const provider = httpProvider(kind, server.url, { model: "fake-model", bounds });
      providers.push(provider);
      return provider;
    },
    behave: server.behave,
    forgetUsage: () => {
      server.usageMode = "absent";
    },
    ...{ refuse: server.refuse, listen: server.listen },
    asked: () => eventually(() => server.of("chat").length > 0),
    async clientGone() {
      const ended = await server.of("chat").at(-1)?.ended;
      if (ended !== "client") throw new Error(`the last question ended by: ${ended}`);
    },
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
      await server.close();
    },
  };
}

async function socketSubject(): Promise<Subject> {
  const dir = await mkdtemp(path.join(tmpdir(), "socket-agent-"));
  const agent = await startSocketAgent(path.join(dir, "agent.sock"));
  const providers: Provider[] = [];
  return {
    provider(bounds = {}) {
      const provider = createSocketProvider({ ...SOCKET, path: agent.path, model: "fake-model", bounds: { ...PATIENT, ...bounds } });
      providers.push(provider);
      return provider;
    },
    behave: agent.behave,
    forgetUsage: () => {
      agent.usage = null;
    },
    ...{ refuse: agent.refuse, listen: agent.listen },
    asked: () => eventually(() => agent.requests.length > 0),
    clientGone: async () => agent.requests.at(-1)?.closed,
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
      await agent.close();
      await rm(dir, { recursive: true });
    },
  };
}

export const SOCKET = { id: "under-test", name: "Backend", configured: true };

const EVENTUALLY_MS = 20_000;

/** Looks again at each turn of the event loop. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + EVENTUALLY_MS;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error("it did not come");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const QUESTION: ChatRequest = {
  messages: [{ role: "user", content: "Deploy an eMBB slice on edge1 with 200 Mbps" }],
  options: {},
  model: null,
  priority: 0,
};

export interface Outcome {
  yielded: string[];
  end: ChatEnd | null;
  failure: ProviderFailure | null;
}

export const UNENDING: Signal = new AbortController().signal;

type Signal = Parameters<Provider["probe"]>[0];

/** Everything that came out of one chat. */
export async function outcomeOf(provider: Provider, request: Partial<ChatRequest> = {}, signal: Signal = UNENDING): Promise<Outcome> {
  const yielded: string[] = [];
  if (provider.chat === undefined) throw new Error("it does not chat");
  const stream = provider.chat({ ...QUESTION, ...request }, signal);
  try {
    for (;;) {
      const next = await stream.next();
      if (next.done === true) return { yielded, end: next.value, failure: null };
      yielded.push(next.value);
    }
  } catch (error) {
    if (error instanceof ProviderFailed) return { yielded, end: null, failure: error.failure };
    throw error;
  }
}
