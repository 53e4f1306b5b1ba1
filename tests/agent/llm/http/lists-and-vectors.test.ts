// Probes and embeddings of the HTTP adapters, the same cases for each of them.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Behaviour, status } from "../../../helpers/model-servers/behaviour.ts";
import type { FakeModelServer } from "../../../helpers/model-servers/http-fake.ts";
import { OLLAMA_VERSION } from "../../../helpers/model-servers/ollama.ts";
import { eventually, HTTP_KINDS, httpProvider, outcomeOf, startFake, UNENDING } from "./support.ts";

const refusal = (kind: string, message: string) => ({ ok: false, error: { kind, message: `Backend ${message}` } });

describe.each(HTTP_KINDS)("%s", (kind) => {
  let server: FakeModelServer;
  beforeEach(async () => {
    server = await startFake(kind);
  });
  afterEach(() => server.close());
  const version = kind === "ollama" ? OLLAMA_VERSION : null;

  test("a probe lists the models and asks no question", async () => {
    const provider = httpProvider(kind, server.url);
    expect(await provider.probe(UNENDING)).toEqual({ ok: true, value: { models: ["fake-model", "fake-embed"], version } });
    expect(server.of("chat")).toEqual([]);
    expect(await server.connections()).toBe(0);
  });

  test("a list without models is a list", async () => {
    server.models = [];
    expect(await httpProvider(kind, server.url).probe(UNENDING)).toEqual({ ok: true, value: { models: [], version } });
  });

  test("of an endless list the first 200 are told, and no name that is endless itself", async () => {
    server.models = ["x".repeat(201), ...Array.from({ length: 5_000 }, (_, at) => `model-${at}`), "model-0"];
    const probe = await httpProvider(kind, server.url).probe(UNENDING);
    expect(probe).toEqual({ ok: true, value: { models: Array.from({ length: 200 }, (_, at) => `model-${at}`), version } });
  });

  test.each<[Behaviour, unknown]>([
    [{ kind: "html" }, refusal("invalid", "answered with a web page")],
    [{ kind: "malformed", pieces: [] }, refusal("invalid", "answered something that is not JSON")],
    [
      { kind: "malformed", pieces: [], line: '{"ok":true,"data":7,"models":7}' },
      refusal("invalid", "answered JSON of another shape than the API's"),
    ],
    [{ kind: "huge-line", chars: 9 * 1024 * 1024 }, refusal("invalid", "answered more than 8388608 bytes")],
    [{ kind: "cut", pieces: [] }, refusal("cut", "closed the connection before the end of its answer (ECONNRESET)")],
    [status(500), refusal("overloaded", "answered 500: the fake says 500")],
    [status(401), refusal("unauthenticated", "answered 401: the fake says 401")],
  ])("a list that is none is a failure: $kind", async (behaviour, expected) => {
    server.behave(behaviour, "models");
    expect(await httpProvider(kind, server.url).probe(UNENDING)).toEqual(expected);
  });

  test("a probe ends with its signal", async () => {
    server.behave({ kind: "hang" }, "models");
    const cancel = new AbortController();
    const probe = httpProvider(kind, server.url).probe(cancel.signal);
    await eventually(() => server.of("models").length > 0);
    cancel.abort();
    expect(await probe).toEqual({ ok: false, error: { kind: "cancelled", message: "Backend: the call was cancelled" } });
    expect(await server.of("models")[0]?.ended).toBe("client");
  });

  test("vectors come in the order of the input, by the embedding model of the list", async () => {
    const answer = await httpProvider(kind, server.url).embed?.(["a", "four"], null, UNENDING);
    const vectors = [
      [0.1, 0.2, 0.3, 0.4],
      [0.4, 0.5, 0.6, 0.7],
    ];
    const usage = { promptTokens: 12, cachedTokens: null, completionTokens: 0 };
    expect(answer).toEqual({ ok: true, value: { vectors, model: "fake-embed", usage, cost: { usd: null, source: "unknown" } } });
    expect(server.of("embed").map(({ body }) => body["input"])).toEqual([["a", "four"]]);
  });

  test("a server without an embedding model is asked for no vectors", async () => {
    server.models = ["fake-model"];
    const answer = await httpProvider(kind, server.url).embed?.(["a"], null, UNENDING);
    expect(answer).toEqual(refusal("refused", "has no model for this (embed)"));
    expect(server.of("embed")).toEqual([]);
  });

  test("vectors of a web page or of a refusal are a failure", async () => {
    const provider = httpProvider(kind, server.url, { embedModel: "fake-embed" });
    server.behave({ kind: "html" }, "embed");
    expect(await provider.embed?.(["a"], null, UNENDING)).toEqual(refusal("invalid", "answered with a web page"));
    server.behave(status(404), "embed");
    expect(await provider.embed?.(["a"], null, UNENDING)).toEqual(refusal("refused", "answered 404: the fake says 404"));
  });

  test("the key goes with every request, is asked for each time, and is in no message", async () => {
    let key: string | undefined = "sk-not-for-anyones-eyes";
    const provider = httpProvider(kind, server.url, { model: "fake-model", secret: async () => key });
    await provider.probe(UNENDING);
    await outcomeOf(provider);
    expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${key}`]));
    server.behave(status(401, {}, JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } })));
    const { failure } = await outcomeOf(provider);
    const message = "Backend answered 401 (its words are not shown: they repeat what it was sent)";
    expect(failure).toEqual({ kind: "unauthenticated", message });
    const before = server.requests.length;
    key = undefined;
    expect((await outcomeOf(provider)).failure).toEqual({
      kind: "unauthenticated",
      message: "Backend: its API key is configured and is not there",
    });
    expect(server.requests.length).toBe(before);
  });

  test("a price of the table makes a cost of the tokens", async () => {
    const prices = {
      "fake-model": { promptPerMillionUsd: 2, completionPerMillionUsd: 10 },
      "*": { promptPerMillionUsd: 1, completionPerMillionUsd: 1 },
    };
    const provider = httpProvider(kind, server.url, { model: "fake-model", prices });
    expect((await outcomeOf(provider)).end?.cost).toEqual({ usd: (12 * 2 + 3 * 10) / 1_000_000, source: "table" });
    server.usageMode = "absent";
    expect((await outcomeOf(provider)).end?.cost).toEqual({ usd: null, source: "unknown" });
  });
});
