// LlamaFarm's two addresses for a chat, its projects and its web designer.
import { afterEach, beforeEach, expect, test } from "vitest";
import { status } from "../../../helpers/model-servers/behaviour.ts";
import { type LlamaFarmFake, startLlamaFarm } from "../../../helpers/model-servers/llamafarm.ts";
import { httpProvider, outcomeOf, UNENDING } from "./support.ts";

let server: LlamaFarmFake;
beforeEach(async () => {
  server = await startLlamaFarm();
});
afterEach(() => server.close());

const PROJECT = "/v1/projects/default/intents/chat/completions";
const ROOT = "/v1/chat/completions";
const UNSET = { namespace: undefined, project: undefined };
const chats = () => server.requests.filter(({ method }) => method === "POST").map(({ path }) => path);

test("the project's address is asked first, without a session and without a model that nobody named", async () => {
  expect((await outcomeOf(httpProvider("llamafarm", server.url))).failure).toBeNull();
  expect(chats()).toEqual([PROJECT]);
  expect(server.requests[0]?.headers["x-no-session"]).toBe("true");
  expect(Object.hasOwn(server.requests[0]?.body ?? {}, "model")).toBe(false);
});

test.each([false, true])(
  "a server without projects is asked at its root, and from then on at once (a designer answers: %s)",
  async (designer) => {
    Object.assign(server.paths, { project: false, designer });
    const backend = httpProvider("llamafarm", server.url, { model: "m" });
    for (let calls = 0; calls < 2; calls += 1) expect((await outcomeOf(backend)).failure).toBeNull();
    expect(chats()).toEqual([PROJECT, ROOT, ROOT]);
  },
);

test("a root that needs a model is given the first of the list that chats", async () => {
  server.paths.project = false;
  server.models = ["nomic-embed-text", "talker"];
  expect((await outcomeOf(httpProvider("llamafarm", server.url))).end?.model).toBe("talker");
  expect(chats()).toEqual([PROJECT, ROOT]);
});

test("nothing at either address is a failure that says so", async () => {
  Object.assign(server.paths, { project: false, root: false, designer: true });
  const { failure } = await outcomeOf(httpProvider("llamafarm", server.url, { model: "m" }));
  expect(failure).toEqual({ kind: "invalid", message: "Backend answered with a web page" });
});

test("a failure of the project's address is not taken for its absence", async () => {
  server.behaveOnce([status(500)]);
  expect((await outcomeOf(httpProvider("llamafarm", server.url))).failure?.kind).toBe("overloaded");
  expect(chats()).toEqual([PROJECT]);
});

test("without a configured project the projects are looked for once", async () => {
  const backend = httpProvider("llamafarm", server.url, UNSET);
  for (let calls = 0; calls < 2; calls += 1) expect((await outcomeOf(backend)).failure).toBeNull();
  expect(server.requests.map(({ path }) => path)).toEqual(["/v1/projects/discoverable", "/v1/projects/default", PROJECT, PROJECT]);
});

test("a server without any project is asked at its root with the first model that chats", async () => {
  server.projects.length = 0;
  server.models = ["nomic-embed-text", "talker"];
  const { end } = await outcomeOf(httpProvider("llamafarm", server.url, UNSET));
  expect([end?.model, chats()]).toEqual(["talker", [ROOT]]);
});

test("a project can be asked for by its name", async () => {
  server.projects.push({ namespace: "default", name: "second one" });
  server.paths.models = false;
  const backend = httpProvider("llamafarm", server.url, UNSET);
  expect(await backend.probe(UNENDING)).toEqual({ ok: true, value: { models: ["default/intents", "default/second one"], version: null } });
  server.projects.splice(1, 1, { namespace: "default", name: "second%20one" });
  expect((await outcomeOf(backend, { model: "default/second one" })).failure).toBeNull();
  expect(chats()).toEqual(["/v1/projects/default/second%20one/chat/completions"]);
});

test("a designer's page is no list of models", async () => {
  Object.assign(server.paths, { models: false, project: false, designer: true });
  const failure = { ok: false, error: { kind: "invalid", message: "Backend answered with a web page" } };
  expect(await httpProvider("llamafarm", server.url).probe(UNENDING)).toEqual(failure);
  expect(await httpProvider("llamafarm", server.url, UNSET).probe(UNENDING)).toEqual(failure);
});
