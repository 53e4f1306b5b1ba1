// The adapter of a headless service before a server that really fails: what it sends, what it takes for an answer, how it fails.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Bounds } from "../../../../agent/llm/http/bounds.ts";
import type { PlainSentence, ProviderFailure } from "../../../../agent/llm/port.ts";
import { answersJson, type Behaviour, status } from "../../../helpers/model-servers/behaviour.ts";
import { HEADLESS_VERSION, headlessAnswer, startHeadless } from "../../../helpers/model-servers/headless.ts";
import type { FakeModelServer } from "../../../helpers/model-servers/http-fake.ts";
import { eventually, httpProvider, UNENDING } from "./support.ts";

const SHORT_MS = 250; // of a wait that is never answered
const SENTENCE: PlainSentence = { text: "Deploy an eMBB slice on edge1 with 200 Mbps", context: {}, targetSites: [] };
const UNKNOWN = { usd: null, source: "unknown" };
const NOTHING = {
  ...{ downlinkMbps: null, uplinkMbps: null, latencyMs: null, reliabilityPercent: null, availabilityPercent: null, maxDevices: null },
};
const DRAFT = {
  ...{ action: "deploy", serviceType: "eMBB", targetSites: ["edge01"], slice: null, priority: null, unclear: [], reason: "" },
  requirements: { ...NOTHING, downlinkMbps: 200 },
};

let server: FakeModelServer;
beforeEach(async () => {
  server = await startHeadless();
});
afterEach(() => server.close());

const refusal = (kind: ProviderFailure["kind"], message: string) => ({ ok: false, error: { kind, message: `Backend ${message}` } });

async function reads(sentence: Partial<PlainSentence> = {}, bounds: Partial<Bounds> = {}) {
  return httpProvider("headless", server.url, { bounds }).read?.({ ...SENTENCE, ...sentence }, UNENDING);
}

async function draftFrom(text: string, answer: Record<string, unknown>): Promise<unknown> {
  server.behave(answersJson(answer));
  const read = await reads({ text });
  return read?.ok ? read.value.value : read;
}

describe("a question", () => {
  test("is the text and nothing that is not there, and its answer tells neither tokens nor a cost", async () => {
    expect(await reads()).toEqual({ ok: true, value: { value: DRAFT, model: "claude", usage: null, cost: UNKNOWN } });
    expect(server.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/api/v1/intent", { text: SENTENCE.text }],
    ]);
    expect(await server.connections()).toBe(0);
  });

  test("carries its context and the sites that were given, under the address of the service", async () => {
    await httpProvider("headless", `${server.url}/`).read?.({ ...SENTENCE, context: { shift: "night" }, targetSites: ["edge2"] }, UNENDING);
    expect(server.of("chat").map(({ body }) => body)).toEqual([
      { text: SENTENCE.text, context: { shift: "night" }, target_sites: ["edge2"] },
    ]);
  });

  test("carries the key each time, and the key is in no message", async () => {
    let key: string | undefined = "token-not-for-anyones-eyes";
    const provider = httpProvider("headless", server.url, { secret: async () => key });
    await provider.probe(UNENDING);
    server.behave(status(401, {}, JSON.stringify({ detail: `bad token ${key}` })));
    expect(await provider.read?.(SENTENCE, UNENDING)).toEqual(
      refusal("unauthenticated", "answered 401 (its words are not shown: they repeat what it was sent)"),
    );
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`, `Bearer ${key}`]);
    key = undefined;
    expect((await provider.read?.(SENTENCE, UNENDING))?.ok).toBe(false);
    expect(server.requests.length).toBe(2);
  });

  test("that is cancelled ends and frees the server", async () => {
    server.behave({ kind: "hang" });
    const cancel = new AbortController();
    const read = httpProvider("headless", server.url).read?.(SENTENCE, cancel.signal);
    await eventually(() => server.of("chat").length > 0);
    cancel.abort();
    expect(await read).toEqual({ ok: false, error: { kind: "cancelled", message: "Backend: the call was cancelled" } });
    expect(await server.of("chat")[0]?.ended).toBe("client");
  });

  test.each<[string, Behaviour, Partial<Bounds>, ProviderFailure["kind"], string]>([
    ["does not begin", { kind: "hang" }, { firstByteMs: SHORT_MS }, "timeout", `did not begin to answer within ${SHORT_MS} ms`],
    ["stops in the middle", { kind: "hang-after", pieces: ["{"] }, { idleMs: SHORT_MS }, "timeout", `said nothing for ${SHORT_MS} ms`],
    ["is cut", { kind: "cut", pieces: ["{"] }, {}, "cut", "closed the connection before the end of its answer (ECONNRESET)"],
    ["ends in the middle", { kind: "no-end", pieces: ['{"status":'] }, {}, "invalid", "answered something that is not JSON"],
    ["is a web page", { kind: "html" }, {}, "invalid", "answered with a web page"],
    ["has no intent", answersJson({ error: "boom" }), {}, "invalid", "answered JSON of another shape than the API's"],
    [
      "has another shape",
      answersJson(headlessAnswer({ targetSites: [7] })),
      {},
      "invalid",
      "answered JSON of another shape than the API's",
    ],
    ["is endless", { kind: "huge-line", chars: 300_000 }, {}, "invalid", "answered more than 262144 bytes"],
    ["is a failure", status(500), {}, "overloaded", "answered 500: the fake says 500"],
    ["is a refusal", status(422), {}, "refused", "answered 422: the fake says 422"],
    ["is a redirect", status(302, { location: "/login" }), {}, "refused", "answered with a redirect (302), which is not followed"],
    [
      "repeats the text",
      status(400, {}, JSON.stringify({ error: `cannot read "${SENTENCE.text}"` })),
      {},
      "refused",
      "answered 400 (its words are not shown: they repeat what it was sent)",
    ],
  ])("whose answer %s is a failure that says so", async (_, behaviour, bounds, kind, message) => {
    server.behave(behaviour);
    expect(await reads({}, bounds)).toEqual(refusal(kind, message));
  });

  test("that comes too often is told when it may come again", async () => {
    server.behave(status(429, { "retry-after": "7" }));
    const error = { kind: "rate_limited", message: "Backend answered 429: the fake says 429", retryAfterMs: 7_000 };
    expect(await reads()).toEqual({ ok: false, error });
  });
});

describe("an answer", () => {
  test("of today's shape says what the text states, without the defaults of its profile", async () => {
    const answer = headlessAnswer(
      {
        ...{ intentType: "URLLC", serviceType: undefined, targetSite: undefined, targetSites: ["edge1", "edge2"], slice: "robots-2" },
        ...{ requirements: { latencyMs: 5 }, serviceProfile: { bandwidth: "10Mbps", latency: "5ms", reliability: "99.999%" } },
      },
      { clarifications: [{ field: "requirement", question: "How much?" }], provenance: { priority: { source: "default" } } },
    );
    expect(await draftFrom("Deploy URLLC robots-2 on edge1 and edge2 with 5 ms and 99.9 %", answer)).toEqual({
      ...{ action: "deploy", serviceType: "URLLC", targetSites: ["edge1", "edge2"], slice: "robots-2", priority: null },
      // Of the percentage the rules find the text to speak: what the service makes of it is for the cross-check.
      ...{ unclear: ["requirement"], reason: "", requirements: { ...NOTHING, latencyMs: 5, reliabilityPercent: 99.999 } },
    });
  });

  test("that marks a value of its profile as a default has not read it", async () => {
    const provenance = { "serviceProfile.bandwidth": { source: "default" }, "serviceProfile.latency": { source: "text" } };
    const answer = headlessAnswer({ serviceProfile: { bandwidth: "100Mbps", latency: "20ms" } }, { provenance });
    expect(await draftFrom("Deploy eMBB on edge1 with 200 Mbps and 20 ms", answer)).toEqual({
      ...DRAFT,
      requirements: { ...NOTHING, latencyMs: 20 },
    });
  });

  test.each([
    ["edge01", ["edge01"]],
    [" edge2 ", ["edge2"]],
    ["both", ["edge1", "edge2"]],
    [
      ["edge1", "Both"],
      ["edge1", "edge2"],
    ],
    ["", []],
    [null, []],
  ])("names the site %j", async (targetSite, targetSites) => {
    expect(await draftFrom(SENTENCE.text, headlessAnswer({ targetSite }))).toEqual({ ...DRAFT, targetSites });
  });

  test.each([
    ["URLLC", "URLLC"],
    ["enhanced-mobile-broadband", "eMBB"],
    ["massive_machine_type_communications", "mMTC"],
    ["7", null],
    [null, null],
  ])("names the type %j", async (intentType, serviceType) => {
    expect(await draftFrom(SENTENCE.text, headlessAnswer({ serviceType: intentType }))).toEqual({ ...DRAFT, serviceType });
  });

  test.each([
    ["200 Mbps", 200],
    [">= 1,500 Mbps", 1_500],
    ["1,5 Gbps", null],
    ["0.5Gbps", 500],
    ["500 kbps", 0.5],
    ["200", 200],
    [200, 200],
    ["200 bananas", null],
    ["constructor", null],
    ["", null],
    [null, null],
  ])("prints the bandwidth %j", async (bandwidth, downlinkMbps) => {
    const draft = { ...DRAFT, requirements: { ...NOTHING, downlinkMbps } };
    expect(await draftFrom(SENTENCE.text, headlessAnswer({ serviceProfile: { bandwidth } }))).toEqual(draft);
  });

  test("may state its requirements as strings, too", async () => {
    const requirements = { downlinkMbps: "0.2 Gbps", uplinkMbps: "50", latencyMs: "1s", availabilityPercent: "99.9%", maxDevices: "1,000" };
    const stated = { ...NOTHING, downlinkMbps: 200, uplinkMbps: 50, latencyMs: 1_000, availabilityPercent: 99.9, maxDevices: 1_000 };
    expect(await draftFrom(SENTENCE.text, headlessAnswer({ requirements }))).toEqual({ ...DRAFT, requirements: stated });
  });

  test("has a priority only where one is stated", async () => {
    const priorityOf = async (text: string, rest = {}) => {
      const draft = await draftFrom(text, headlessAnswer({ priority: 8 }, rest));
      return draft !== null && typeof draft === "object" && "priority" in draft ? draft.priority : draft;
    };
    expect(await priorityOf("Deploy eMBB on edge1, priority 8")).toBe(8);
    expect(await priorityOf("Deploy eMBB on edge1")).toBeNull();
    expect(await priorityOf("Deploy eMBB on edge1, eight of ten", { provenance: { priority: { source: "text" } } })).toBe(8);
  });

  test("that lacks nearly everything contradicts nothing: the action is the one that the rules read", async () => {
    const nothing = { serviceType: null, targetSites: [], slice: null, requirements: NOTHING, priority: null, unclear: [], reason: "" };
    expect(await draftFrom("Terminate video-7 on edge1", { intent: {} })).toEqual({ action: "terminate", ...nothing });
    expect(await draftFrom(SENTENCE.text, { status: "rejected", warnings: ["Not about slices."] })).toEqual({
      ...{ action: "unsupported", ...nothing, reason: "Not about slices." },
    });
  });
});

describe("a look", () => {
  test("asks for the health and no question", async () => {
    const provider = httpProvider("headless", server.url);
    expect(await provider.probe(UNENDING)).toEqual({ ok: true, value: { models: [], version: HEADLESS_VERSION } });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /health"]);
    expect([provider.capabilities, provider.ask, provider.chat]).toEqual([["understand"], undefined, undefined]);
  });

  test.each<[string, Behaviour, ProviderFailure["kind"], string]>([
    ["a web page", { kind: "html" }, "invalid", "answered with a web page"],
    ["something malformed", { kind: "malformed", pieces: [] }, "invalid", "answered something that is not JSON"],
    ["JSON that is no health", { kind: "malformed", pieces: [], line: "[]" }, "invalid", "answered JSON of another shape than the API's"],
    ["a service that is down", { kind: "malformed", pieces: [], line: '{"status":"DOWN"}' }, "overloaded", "is not healthy: DOWN"],
    ["an address without health", status(404), "refused", "answered 404: the fake says 404"],
    ["an overload", status(503), "overloaded", "answered 503: the fake says 503"],
  ])("that finds %s is a failure", async (_, behaviour, kind, message) => {
    server.behave(behaviour, "health");
    expect(await httpProvider("headless", server.url).probe(UNENDING)).toEqual(refusal(kind, message));
  });

  test("at an address that nobody listens at is unreachable", async () => {
    await server.refuse();
    expect(await httpProvider("headless", server.url).probe(UNENDING)).toEqual(refusal("unreachable", "cannot be reached (ECONNREFUSED)"));
  });
});
