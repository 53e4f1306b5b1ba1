import { expect, test } from "vitest";
import { DEFAULT_BREAKER } from "../../../agent/llm/breaker.ts";
import { jsonIn } from "../../../agent/llm/http/answer.ts";
import { Routing } from "../../../protocol/llm.ts";
import { backend, type Clock, call, DRAFT, START, serviceOf, told, UNENDING } from "./support.ts";

const HELLO = { messages: [{ role: "user" as const, content: "hello" }], options: {}, model: null, only: null };
const DOWN = { kind: "overloaded", message: "503" } as const;

test("a bug in one adapter is that backend's failure, and the next one answers", async () => {
  const [first, second] = [backend("first", { says: DRAFT }), backend("second", { says: DRAFT })];
  first.ask = async () => {
    throw new TypeError("undefined is not a function");
  };
  const service = await serviceOf([first, second]);
  service.use(Routing.parse({ order: ["first", "second"] }));
  const { provider, fallback, served } = (await service.understandCall(call(), UNENDING)).metadata;
  expect({ provider, fallback, attempts: told(served?.attempts) }).toEqual({
    ...{ provider: "second", fallback: true, attempts: ["first invalid", "second answered"] },
  });
});

test("a backend that somebody configured is missed also when it has never been there", async () => {
  const absent = backend("first", { says: DRAFT });
  absent.here = { kind: "unreachable", message: "ECONNREFUSED" };
  const service = await serviceOf([{ provider: { ...absent, configured: true }, model: null }]);
  const { provider, fallback, served } = (await service.understandCall(call(), UNENDING)).metadata;
  expect({ provider, fallback, attempts: told(served?.attempts) }).toEqual({
    ...{ provider: "rules", fallback: true, attempts: ["first offline", "rules answered"] },
  });
});

test("the first one who asks for a look may go away, and the look goes on for the others", async () => {
  const service = await serviceOf([backend("first", { says: DRAFT })]);
  const gone = new AbortController();
  gone.abort();
  const [left, stayed] = await Promise.all([service.understandCall(call(), gone.signal), service.understandCall(call(), UNENDING)]);
  expect([left.metadata.provider, stayed.metadata.provider]).toEqual(["rules", "first"]);
});

test("a long answer that has begun lets the next question through, though it was the try of a backend that had failed", async () => {
  const clock: Clock = { ms: START.getTime() };
  const model = backend("first", DOWN);
  const service = await serviceOf([model], { clock });
  for (let i = 0; i < DEFAULT_BREAKER.threshold; i += 1) await service.understandCall(call({ intentId: `int_${i}` }), UNENDING);
  expect(service.integrations()[0]?.breaker.state).toBe("open");
  clock.ms += DEFAULT_BREAKER.openMs;
  model.does = { says: "long" };
  const reading = service.chat(HELLO, UNENDING);
  expect(await reading.next()).toEqual({ done: false, value: "long" });
  model.does = { says: DRAFT };
  expect((await service.understandCall(call(), UNENDING)).metadata.provider).toBe("first");
  await reading.return({ finishReason: "stop", served: expect.anything() });
});

test("what a cancelled answer has cost is not known; what never arrived has cost nothing", async () => {
  const model = backend("first", { says: "some" });
  const service = await serviceOf([model]);
  const reading = service.chat(HELLO, UNENDING);
  await reading.next();
  await reading.return({ finishReason: "stop", served: expect.anything() });
  model.does = { kind: "unreachable", message: "ECONNREFUSED" };
  await service.understandCall(call(), UNENDING);
  const { calls, failures, unknownUsage, unknownCost } = service.integrations()[0]?.stats ?? {};
  expect({ calls, failures, unknownUsage, unknownCost }).toEqual({ calls: 2, failures: 2, unknownUsage: 1, unknownCost: 1 });
});

test("a text of line ends after an open fence is looked through once", () => {
  expect(jsonIn(`\`\`\`\n${"\n".repeat(400_000)}x`)).toBeUndefined(); // a pattern took minutes
  expect(jsonIn('Here it is:\n```json\n{"a": 1}\n```\nGood luck.')).toEqual({ a: 1 });
  expect(jsonIn('```\n{"a": 1}```')).toEqual({ a: 1 });
});
