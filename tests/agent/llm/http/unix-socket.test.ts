// What is the unix-socket agent's own: several questions on one connection, giving one up without harm to the others, coming back.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Provider } from "../../../../agent/llm/port.ts";
import { createSocketProvider } from "../../../../agent/llm/socket/provider.ts";
import { answers, answersJson, status } from "../../../helpers/model-servers/behaviour.ts";
import { type FakeSocketAgent, startSocketAgent } from "../../../helpers/model-servers/unix-socket.ts";
import { eventually, outcomeOf, PATIENT, SOCKET, UNENDING } from "./support.ts";

let dir: string;
let agent: FakeSocketAgent;
let provider: Provider;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "socket-agent-"));
  agent = await startSocketAgent(path.join(dir, "agent.sock"));
  provider = createSocketProvider({ ...SOCKET, path: agent.path, bounds: PATIENT });
});
afterEach(async () => {
  await provider.close();
  await agent.close();
  await rm(dir, { recursive: true });
});

const user = (content: string) => ({ messages: [{ role: "user" as const, content }] });
const connections = () => agent.requests.map(({ connection }) => connection);

test("a question has the shape of the protocol", async () => {
  const messages = [
    { role: "system" as const, content: "Be short." },
    { role: "user" as const, content: "Hi" },
    { role: "assistant" as const, content: "Hello" },
    { role: "user" as const, content: "And now?" },
  ];
  await outcomeOf(provider, { messages, options: { temperature: 0.5, maxTokens: 9 }, model: "small" });
  const [request] = agent.requests;
  expect(request).toMatchObject({
    type: 0,
    payload: {
      ...{ request_id: request?.id, prompt: "Be short.\n\nUser: Hi\n\nAssistant: Hello\n\nUser: And now?", stream: true },
      metadata: { model: "small", temperature: 0.5, max_tokens: 9 },
    },
  });
});

test("a structured question is not streamed and carries its schema in words and as metadata", async () => {
  agent.behave(answersJson({ action: "deploy" }));
  const schema = { type: "object" };
  await provider.ask?.({ system: "You read intents.", user: "deploy", schema, priority: 0 }, UNENDING);
  const rule = 'Answer with one JSON value and nothing else of this JSON Schema:\n{"type":"object"}';
  expect(agent.requests[0]?.payload).toMatchObject({
    ...{ prompt: `You read intents.\n\n${rule}\n\ndeploy`, stream: false, metadata: { temperature: 0, json_schema: schema } },
  });
});

test("several questions at once share one connection, and each gets its own answer", async () => {
  agent.behave({ kind: "answer", pieces: (asked) => [...(asked.messages[0]?.content ?? "")] });
  const texts = Array.from({ length: 20 }, (_, at) => `answer ${at}`);
  const outcomes = await Promise.all(texts.map((text) => outcomeOf(provider, user(text))));
  expect(outcomes.map(({ yielded }) => yielded.join(""))).toEqual(texts);
  expect(new Set(connections())).toEqual(new Set([1]));
});

test("a question that is given up does not end another one, and its connection is closed after that", async () => {
  agent.behaveOnce([
    { kind: "hang-after", pieces: ["a"] },
    { kind: "slow", firstAfterMs: 200, pieces: ["b"] },
  ]);
  const cancel = new AbortController();
  const [given, kept] = [outcomeOf(provider, user("1"), cancel.signal), outcomeOf(provider, user("2"))];
  await eventually(() => agent.requests.length === 2);
  cancel.abort();
  expect((await given).failure?.kind).toBe("cancelled");
  const third = await outcomeOf(provider, user("3"));
  expect([third.failure, (await kept).yielded]).toEqual([null, ["b"]]);
  await agent.requests[0]?.closed;
  expect(connections()).toEqual([1, 1, 2]);
});

test("a connection that was lost between two questions is made anew", async () => {
  expect((await outcomeOf(provider)).failure).toBeNull();
  agent.dropAll();
  await agent.requests[0]?.closed;
  await eventually(async () => (await outcomeOf(provider)).failure === null);
  expect(connections().at(-1)).toBe(2);
});

test("an agent that is gone in the middle ends all its questions as cut, and the next one reaches its successor", async () => {
  agent.behave({ kind: "hang-after", pieces: ["Hel"] });
  const both = Promise.all([outcomeOf(provider, user("1")), outcomeOf(provider, user("2"))]);
  await eventually(() => agent.requests.length === 2);
  await agent.refuse();
  expect((await both).map(({ failure }) => failure?.kind)).toEqual(["cut", "cut"]);
  await agent.listen();
  agent.behave(answers("again"));
  expect((await outcomeOf(provider)).yielded).toEqual(["again"]);
});

test("a probe asks for the health on a connection of its own, beside a question that hangs", async () => {
  agent.behave({ kind: "hang" });
  const question = outcomeOf(provider);
  await eventually(() => agent.requests.length === 1);
  expect(await provider.probe(UNENDING)).toEqual({ ok: true, value: { models: ["fake-model"], version: "1.2.3" } });
  await agent.requests[1]?.closed;
  expect(connections()).toEqual([1, 2]);
  await provider.close();
  expect((await question).failure?.kind).toBe("cancelled");
});

test("an agent that is not healthy, or that says something else, fails its probe", async () => {
  agent.behaveOnHealth(status(500));
  expect(await provider.probe(UNENDING)).toEqual({ ok: false, error: { kind: "overloaded", message: "Backend is not healthy: degraded" } });
  agent.behaveOnHealth({ kind: "html" });
  expect(await provider.probe(UNENDING)).toMatchObject({ ok: false, error: { kind: "invalid" } });
  agent.behaveOnHealth({ kind: "hang" });
  const cancel = new AbortController();
  const probe = provider.probe(cancel.signal);
  await eventually(() => agent.requests.length === 3);
  cancel.abort();
  expect(await probe).toMatchObject({ ok: false, error: { kind: "cancelled" } });
});

test("a path where nothing is, is unreachable", async () => {
  const lost = createSocketProvider({ ...SOCKET, path: path.join(dir, "nobody.sock") });
  expect(await lost.probe(UNENDING)).toEqual({ ok: false, error: { kind: "unreachable", message: "Backend cannot be reached (ENOENT)" } });
});
