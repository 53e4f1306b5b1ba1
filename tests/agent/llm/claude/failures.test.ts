// How the Claude adapter tells failures: of the API behind the CLI, of the CLI itself, and of those who stop waiting.
import { describe, expect, test } from "vitest";
import type { ChatEnd } from "../../../../agent/llm/port.ts";
import { CLIS, program, SCHEMA, STAND_IN } from "./binaries.ts";
import { type ApiRequest, NEVER, type Reply } from "./messages-api.ts";
import { folder, start, waits } from "./support.ts";

const GOOD: Reply = { tool: { replicas: 1 } };

/** Fails as told for what contains "bad"; everything else is answered. */
function badly(reply: Reply | Promise<never>) {
  return ({ text }: ApiRequest) => (text.includes("bad") ? reply : GOOD);
}

const STATUSES = [
  { status: 401, type: "authentication_error", kind: "unauthenticated" },
  { status: 403, type: "permission_error", kind: "unauthenticated" },
  { status: 400, type: "invalid_request_error", kind: "refused" },
  { status: 404, type: "not_found_error", kind: "refused" },
  { status: 429, type: "rate_limit_error", kind: "rate_limited" },
  { status: 500, type: "api_error", kind: "overloaded" },
  { status: 529, type: "overloaded_error", kind: "overloaded" },
];

describe.each(CLIS)("$name", (cli) => {
  describe.skipIf(!cli.installed)("failures", () => {
    test.each(STATUSES)(
      "an API that answers $status is told as $kind, without its words, and the next prompt is answered",
      async (given) => {
        const { status, type, kind } = given;
        const { ask } = await start(cli, { reply: badly({ status, type, message: "quotes: something bad" }) });
        expect(await ask("something bad")).toEqual({ ok: false, error: { kind, message: `the API answered ${status}` } });
        expect(await ask("good")).toMatchObject({ ok: true });
      },
    );

    test("a limited API's Retry-After is handed on at once, and nothing is asked again behind our back", async () => {
      const { ask, api } = await start(cli, { reply: badly({ status: 429, type: "rate_limit_error", retryAfterSeconds: 30 }) });
      const answer = await ask("bad");
      expect(answer).toMatchObject({ ok: false, error: { kind: "rate_limited", message: "the API answered 429" } });
      expect(answer.ok ? 0 : answer.error.retryAfterMs).toBeGreaterThanOrEqual(30_000); // and what the CLI adds to it
      expect(answer.ok ? 0 : answer.error.retryAfterMs).toBeLessThan(45_000);
      expect(api.requests).toHaveLength(1);
    });

    test("a prompt that hangs ends with its caller, and the same process answers the next one", async () => {
      const { ask, api, pids } = await start(cli, { reply: badly(NEVER) });
      const caller = new AbortController();
      const hung = ask("bad", { signal: caller.signal });
      await waits(api, 1);
      const before = pids();
      caller.abort();
      expect(await hung).toEqual({ ok: false, error: { kind: "cancelled", message: "nobody waits for this answer any more" } });
      await waits(api, 0);
      expect(await ask("good")).toMatchObject({ ok: true });
      expect(pids()).toEqual(before);
    });

    test("a prompt that hangs ends by the bound of prompts", async () => {
      const { provider, ask } = await start(cli, { reply: badly(NEVER), bounds: { promptMs: 1_000 } });
      await provider.warm({ system: "You count.", schema: SCHEMA });
      expect(await ask("bad")).toMatchObject({ ok: false, error: { kind: "timeout" } });
    });

    test("a stream that breaks off is cut, and is not shown twice", async () => {
      const { provider } = await start(cli, { reply: () => ({ cut: "half" }) });
      const { pieces, failure } = await readToFailure(provider.chat(chat("hi"), new AbortController().signal));
      expect(pieces).toEqual(["half"]);
      expect(failure).toMatchObject({ failure: { kind: "cut" } });
    });

    test("an answer by schema that breaks off is cut", async () => {
      const { ask } = await start(cli, { reply: badly({ cut: "half" }) });
      expect(await ask("bad")).toMatchObject({ ok: false, error: { kind: "cut" } });
      expect(await ask("good")).toMatchObject({ ok: true });
    });

    test("an API that answers with something else is invalid", async () => {
      const { ask } = await start(cli, { reply: badly({ body: "{oops" }) });
      expect(await ask("bad")).toMatchObject({ ok: false, error: { kind: "invalid" } });
    });

    test("an API that is not there is unreachable", async () => {
      const { ask, api } = await start(cli, { reply: () => GOOD });
      await api.close();
      expect(await ask("good")).toEqual({ ok: false, error: { kind: "unreachable", message: "the API cannot be reached" } });
    });

    test("without a login nothing is asked: a probe says so, and so does a prompt", async () => {
      const { ask, api, provider } = await start(cli, { reply: () => GOOD, env: { ANTHROPIC_API_KEY: "" } });
      const loggedOut = { ok: false, error: { kind: "unauthenticated", message: "claude is not logged in" } };
      expect(await provider.probe(new AbortController().signal)).toEqual(loggedOut);
      expect(await ask("good")).toEqual(loggedOut);
      expect(api.requests).toEqual([]);
    });

    test("a probe tells the version and the models and asks nothing of the API", async () => {
      const { provider, ask, api } = await start(cli, { reply: () => GOOD, model: "claude-test-1" });
      const probe = () => provider.probe(new AbortController().signal);
      expect(await probe()).toEqual({ ok: true, value: { version: expect.stringMatching(/^2\.1\.\d+$/), models: ["claude-test-1"] } });
      await ask("good");
      const models = expect.arrayContaining(["claude-test-1", "opus", "sonnet", "haiku"]);
      expect(await probe()).toMatchObject({ ok: true, value: { models } });
      expect(api.requests).toHaveLength(1);
    });

    test("a schema that the CLI does not take is refused, and the next prompt does not wait for it", async () => {
      const { ask } = await start(cli, { reply: () => GOOD });
      const schema = { type: "object", prefixItems: [] };
      expect(await ask("good", { schema })).toMatchObject({ ok: false, error: { kind: "refused" } });
      expect(await ask("good")).toMatchObject({ ok: true });
    });
  });
});

describe("a program that is not the CLI it should be", () => {
  async function broken(script: string, bounds = {}) {
    const file = await program(await folder(), script);
    return start(STAND_IN, { reply: () => GOOD, file, bounds: { startMs: 500, backoffBaseMs: 60_000, ...bounds } });
  }

  test("one that is missing is unreachable, for a prompt and for a probe", async () => {
    const { ask, provider } = await start(STAND_IN, { reply: () => GOOD, file: "/nonexistent/claude" });
    const failed = { ok: false, error: { kind: "unreachable", message: expect.stringContaining("/nonexistent/claude: not found") } };
    expect(await ask("good")).toEqual(failed);
    expect(await provider.probe(new AbortController().signal)).toEqual(failed);
  });

  test("one that ends at once tells its complaint without a secret, and is not started again for a while", async () => {
    const { ask } = await broken('echo "EROFS, with key $ANTHROPIC_API_KEY" >&2; echo x >> starts; exit 3');
    const error = { kind: "cut", message: "claude ended with exit code 3: EROFS, with key ***" };
    expect(await ask("good")).toEqual({ ok: false, error });
    expect(await ask("good")).toEqual({ ok: false, error: { ...error, retryAfterMs: expect.any(Number) } });
  });

  test("one that says nothing is ended by the bound of starts", async () => {
    const { ask, pids } = await broken("exec sleep 600 # $@");
    expect(await ask("good")).toEqual({ ok: false, error: { kind: "timeout", message: "claude did not start within 500 ms" } });
    expect(pids()).toEqual([]);
  });

  test("one that prints what is not its own is ended and told as invalid", async () => {
    const { ask } = await broken("echo 'Welcome!'; exec sleep 600");
    const message = "claude printed a line that is not one of its events";
    expect(await ask("good")).toEqual({ ok: false, error: { kind: "invalid", message } });
  });

  test("one whose line does not end is ended", async () => {
    const { ask } = await broken("exec head -c 3000000 /dev/zero", { startMs: 10_000 });
    expect(await ask("good")).toMatchObject({
      ok: false,
      error: { kind: "invalid", message: expect.stringContaining("sent a line of more than") },
    });
  });

  test("one that does not answer --version is no Claude CLI", async () => {
    const { provider } = await broken("echo hello");
    expect(await provider.probe(new AbortController().signal)).toMatchObject({ ok: false, error: { kind: "unreachable" } });
  });
});

function chat(content: string) {
  return { messages: [{ role: "user" as const, content }], options: {}, model: null, priority: 0 };
}

async function readToFailure(stream: AsyncGenerator<string, ChatEnd, undefined>) {
  const pieces: string[] = [];
  try {
    for await (const piece of stream) pieces.push(piece);
  } catch (failure) {
    return { pieces, failure };
  }
  throw new Error("the stream did not fail");
}
