// What every adapter of a model server owes its caller, the same table for each of them, before servers that really fail.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Bounds } from "../../../../agent/llm/http/bounds.ts";
import type { ProviderFailure } from "../../../../agent/llm/port.ts";
import { answers, answersJson, type Behaviour, status } from "../../../helpers/model-servers/behaviour.ts";
import { outcomeOf, QUESTION, SUBJECTS, type Subject, UNENDING } from "./support.ts";

const USAGE = { promptTokens: 12, cachedTokens: null, completionTokens: 3 };
const UNKNOWN = { usd: null, source: "unknown" };
const END = { finishReason: "stop", model: "fake-model", usage: USAGE, cost: UNKNOWN };
const SHORT_MS = 250; // of a wait that is never answered
const LONGER_MS = 1_000; // to the end of a call whose first piece must have come

interface Case {
  title: string;
  behaviour: Behaviour;
  bounds?: Partial<Bounds>;
  yielded?: string[];
  http: ProviderFailure;
  socket?: ProviderFailure; // absent: the same
  gone?: true; // the server sees the connection closed
}

const failure = (kind: ProviderFailure["kind"], message: string): ProviderFailure => ({ kind, message: `Backend ${message}` });
const CANCELLED: ProviderFailure = { kind: "cancelled", message: "Backend: the call was cancelled" };
const ERROR_WORDS = "model runner has unexpectedly stopped";

const FAILURES: Case[] = [
  {
    title: "a server that does not begin to answer is a timeout",
    behaviour: { kind: "hang" },
    bounds: { firstByteMs: SHORT_MS },
    http: failure("timeout", `did not begin to answer within ${SHORT_MS} ms`),
    socket: failure("timeout", `said nothing for ${SHORT_MS} ms`),
    gone: true,
  },
  {
    title: "a server that stops in the middle is a timeout, after its text",
    behaviour: { kind: "hang-after", pieces: ["Hel", "lo"] },
    bounds: { idleMs: SHORT_MS },
    yielded: ["Hel", "lo"],
    http: failure("timeout", `said nothing for ${SHORT_MS} ms`),
    gone: true,
  },
  {
    title: "the whole bound ends an answer that the other bounds let live",
    behaviour: { kind: "hang-after", pieces: ["Hel"] },
    bounds: { totalMs: LONGER_MS },
    yielded: ["Hel"],
    http: failure("timeout", `did not finish within ${LONGER_MS} ms`),
    gone: true,
  },
  {
    title: "a rate limit tells its seconds",
    behaviour: status(429, { "retry-after": "7" }),
    http: { ...failure("rate_limited", "answered 429: the fake says 429"), retryAfterMs: 7_000 },
    socket: failure("overloaded", "failed: the fake says 429"),
  },
  {
    title: "a rate limit tells its date, by the server's own clock",
    behaviour: status(429, { date: "Sat, 21 Nov 2026 10:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 10:01:30 GMT" }),
    http: { ...failure("rate_limited", "answered 429: the fake says 429"), retryAfterMs: 90_000 },
    socket: failure("overloaded", "failed: the fake says 429"),
  },
  {
    title: "a server's own failure is an overload",
    behaviour: status(500),
    http: failure("overloaded", "answered 500: the fake says 500"),
    socket: failure("overloaded", "failed: the fake says 500"),
  },
  {
    title: "an overload may say when it is over",
    behaviour: status(503, { "retry-after": "2" }),
    http: { ...failure("overloaded", "answered 503: the fake says 503"), retryAfterMs: 2_000 },
    socket: failure("overloaded", "failed: the fake says 503"),
  },
  {
    title: "a refused credential is told as that",
    behaviour: status(401),
    http: failure("unauthenticated", "answered 401: the fake says 401"),
    socket: failure("overloaded", "failed: the fake says 401"),
  },
  {
    title: "a request that is not taken is a refusal",
    behaviour: status(413),
    http: failure("refused", "answered 413: the fake says 413"),
    socket: failure("overloaded", "failed: the fake says 413"),
  },
  {
    title: "a redirect is not followed",
    behaviour: status(307, { location: "http://127.0.0.1:9/elsewhere" }),
    http: failure("refused", "answered with a redirect (307), which is not followed"),
    socket: failure("overloaded", "failed: the fake says 307"),
  },
  {
    title: "a connection that is cut in the middle is told as that, after its text",
    behaviour: { kind: "cut", pieces: ["Hel", "lo"] },
    yielded: ["Hel", "lo"],
    http: failure("cut", "closed the connection before the end of its answer (ECONNRESET)"),
    socket: failure("cut", "closed the connection before the end of its answer"),
  },
  {
    title: "a stream that ends cleanly but without its end mark is cut, too",
    behaviour: { kind: "no-end", pieces: ["Hello"] },
    yielded: ["Hello"],
    http: failure("cut", "ended its answer without an end"),
    socket: failure("cut", "closed the connection before the end of its answer"),
  },
  {
    title: "an error inside a stream with status 200 is a failure",
    behaviour: { kind: "error-line", pieces: ["Hel"], error: ERROR_WORDS },
    yielded: ["Hel"],
    http: failure("overloaded", `failed while it answered: ${ERROR_WORDS}`),
    socket: failure("overloaded", `failed: ${ERROR_WORDS}`),
  },
  {
    title: "an error that repeats the question is not quoted",
    behaviour: { kind: "error-line", pieces: [], error: "cannot tokenise 'eMBB slice on edge1 with 200 Mbps'" },
    http: failure("overloaded", "failed while it answered (its words are not shown: they repeat what it was sent)"),
    socket: failure("overloaded", "failed (its words are not shown: they repeat what it was sent)"),
  },
  {
    title: "a malformed piece of a stream is invalid, after its text",
    behaviour: { kind: "malformed", pieces: ["Hel"] },
    yielded: ["Hel"],
    http: failure("invalid", "sent a chunk that is not of its API"),
    socket: failure("invalid", "sent a line that is not of its protocol"),
  },
  {
    title: "a web page with status 200 is no answer",
    behaviour: { kind: "html" },
    http: failure("invalid", "answered with a web page"),
    socket: failure("invalid", "sent a line that is not of its protocol"),
  },
  {
    title: "a line without an end is not collected for ever",
    behaviour: { kind: "huge-line", chars: 1_100_000 },
    http: failure("invalid", "sent a line of more than 1048576 characters"),
  },
];

describe.each(Object.entries(SUBJECTS))("%s", (kind, start) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.close());
  const isSocket = kind === "unix-socket";

  test("text comes as it is said, and the end tells model, tokens and that the cost is not known", async () => {
    subject.behave(answers("Hello", ", ", "world 你好"));
    expect(await outcomeOf(subject.provider())).toEqual({ yielded: ["Hello", ", ", "world 你好"], end: END, failure: null });
  });

  test("tokens that are not told are not known, and not 0", async () => {
    subject.forgetUsage();
    const { end } = await outcomeOf(subject.provider());
    expect(end).toEqual({ ...END, usage: null });
  });

  test("a first token that is late but in time is waited for", async () => {
    subject.behave({ kind: "slow", firstAfterMs: SHORT_MS, pieces: ["late"] });
    expect(await outcomeOf(subject.provider({ idleMs: 20 }))).toMatchObject({ yielded: ["late"], failure: null });
  });

  test.each(FAILURES)("$title", async ({ behaviour, bounds, yielded, http, socket, gone }) => {
    subject.behave(behaviour);
    const expected = isSocket ? (socket ?? http) : http;
    const message = kind === "ollama" ? expected.message.replace("a chunk that", "a line that") : expected.message;
    const outcome = await outcomeOf(subject.provider(bounds));
    expect(outcome).toEqual({ yielded: yielded ?? [], end: null, failure: { ...expected, message } });
    if (gone) await subject.clientGone();
  });

  test("nobody at the address is unreachable, and the same provider serves when somebody is there again", async () => {
    const provider = subject.provider();
    await subject.refuse();
    const { failure: told } = await outcomeOf(provider);
    const code = isSocket ? "ENOENT" : "ECONNREFUSED";
    expect(told).toEqual(failure("unreachable", `cannot be reached (${code})`));
    await subject.listen();
    expect((await outcomeOf(provider)).end).toEqual(END);
  });

  test.each([
    ["before the answer began", { kind: "hang" }],
    ["in the middle of it", { kind: "hang-after", pieces: ["Hel"] }],
  ] as [string, Behaviour][])("a cancel %s ends the call and frees the server", async (_, behaviour) => {
    subject.behave(behaviour);
    const cancel = new AbortController();
    const outcome = outcomeOf(subject.provider(), {}, cancel.signal);
    await subject.asked();
    cancel.abort();
    expect((await outcome).failure).toEqual(CANCELLED);
    await subject.clientGone();
  });

  test("a call that is cancelled before it began asks nobody", async () => {
    const outcome = await outcomeOf(subject.provider(), {}, AbortSignal.abort());
    expect(outcome).toEqual({ yielded: [], end: null, failure: CANCELLED });
  });

  test("a reader that leaves early frees the server", async () => {
    subject.behave({ kind: "hang-after", pieces: ["Hel", "lo"] });
    for await (const text of subject.provider().chat?.(QUESTION, UNENDING) ?? []) {
      expect(text).toBe("Hel");
      break;
    }
    await subject.clientGone();
  });

  test("closing the provider ends what is asked of it, now and later", async () => {
    subject.behave({ kind: "hang-after", pieces: ["Hel"] });
    const provider = subject.provider();
    const outcome = outcomeOf(provider);
    await subject.asked();
    await provider.close();
    expect((await outcome).failure).toEqual(failure("cancelled", "was closed"));
    await subject.clientGone();
    expect((await outcomeOf(provider)).failure?.kind).toBe("cancelled");
  });

  test("a structured question is answered by one JSON value", async () => {
    const value = { action: "deploy", sites: ["edge1"], note: "你好" };
    subject.behave(answersJson(value));
    const prompt = { system: "You read intents.", user: "deploy on edge1", schema: { type: "object" }, priority: 0 };
    const answer = await subject.provider().ask?.(prompt, UNENDING);
    expect(answer).toEqual({ ok: true, value: { value, model: "fake-model", usage: USAGE, cost: UNKNOWN } });
  });

  test("a structured question that is answered by prose is invalid", async () => {
    subject.behave(answers("I would rather talk about the weather."));
    const prompt = { system: "You read intents.", user: "deploy on edge1", schema: { type: "object" }, priority: 0 };
    const answer = await subject.provider().ask?.(prompt, UNENDING);
    expect(answer).toEqual({ ok: false, error: failure("invalid", "answered no JSON") });
  });
});
