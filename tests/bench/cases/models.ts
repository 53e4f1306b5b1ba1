// What the way to a language model costs: the router against its adapter alone, and the door (worker, room, agent) against the model itself.
import pino from "pino";
import { createHttpProvider } from "../../../agent/llm/http/build.ts";
import { createLlmService } from "../../../agent/llm/service.ts";
import { Routing } from "../../../protocol/llm.ts";
import { answers } from "../../helpers/model-servers/behaviour.ts";
import type { FakeModelServer } from "../../helpers/model-servers/http-fake.ts";
import { startOllama } from "../../helpers/model-servers/ollama.ts";
import type { Target } from "../client.ts";
import { type Figure, ms, percentile } from "../stats.ts";

const NEVER = new AbortController().signal;
const HELLO = { messages: [{ role: "user" as const, content: "hello" }], options: {}, model: null };

async function drained(text: AsyncIterable<string>): Promise<void> {
  for await (const _ of text);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The same short answer by the adapter alone and through the router, one after the other, so that both see the same machine. */
export async function routerOverhead(calls: number): Promise<Figure[]> {
  const model = await startOllama();
  const provider = createHttpProvider({ id: "ollama", kind: "ollama", url: model.url, configured: true });
  const service = await createLlmService({
    specs: [{ provider, model: null }],
    dataDir: null,
    now: () => new Date(),
    log: pino({ level: "silent" }),
  });
  try {
    service.use(Routing.parse({ order: ["ollama"] }));
    await service.discover(NEVER);
    const direct = async () => {
      if (provider.chat !== undefined) await drained(provider.chat({ ...HELLO, priority: 0 }, NEVER));
    };
    const routed = () => drained(service.chat({ ...HELLO, only: null }, NEVER));
    const times = { direct: [] as number[], routed: [] as number[] };
    for (let call = -20; call < calls; call += 1) {
      const [one, other] = [await timed(direct), await timed(routed)];
      if (call >= 0) times.direct.push(one); // the first ones warm up
      if (call >= 0) times.routed.push(other);
    }
    const more = percentile(times.routed, 0.5) - percentile(times.direct, 0.5);
    return [
      { what: `chat by the adapter alone, ${calls} calls`, figure: ms(times.direct), target: "-" },
      { what: "the same through the router", figure: `${ms(times.routed)}: ${more.toFixed(2)} ms more`, target: "-" },
    ];
  } finally {
    await service.close();
    await model.close();
  }
}

const WORDS = 2_000; // pieces of one answer, each a token of the fake

async function pieces(url: string, { body, token }: { body: object; token?: string }): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text.split("word ").length - 1;
}

/** One long answer straight from the model server, and through worker, room and agent. */
export async function doorAgainstDirect(target: Target, model: FakeModelServer, runs: number): Promise<Figure[]> {
  model.behave(answers(...Array.from({ length: WORDS }, () => "word ")));
  const { messages } = HELLO;
  const direct = () => pieces(`${model.url}/api/chat`, { body: { model: "fake-model", messages, stream: true } });
  const door = () =>
    pieces(`${target.url}/v1/chat/completions`, { body: { model: "ollama/fake-model", messages, stream: true }, token: target.token });
  const rates = { direct: [] as number[], door: [] as number[] };
  for (let run = -1; run < runs; run += 1) {
    for (const [way, ask] of [["direct", direct] as const, ["door", door] as const]) {
      const took = await timed(async () => {
        const said = await ask();
        if (said !== WORDS) throw new Error(`${said} of ${WORDS} words came by the way "${way}"`);
      });
      if (run >= 0) rates[way].push(WORDS / (took / 1000));
    }
  }
  const [straight, through] = [percentile(rates.direct, 0.5), percentile(rates.door, 0.5)];
  return [
    { what: `chat of ${WORDS} tokens straight from the model`, figure: `${straight.toFixed(0)} tokens/s`, target: "-" },
    {
      what: "the same through worker, room and agent",
      figure: `${through.toFixed(0)} tokens/s: × ${(through / straight).toFixed(2)}`,
      target: "-",
    },
  ];
}
