// Lists: keyset paging that does not shift, and filters that mean what they say.
import { expect, test } from "vitest";
import { DeploymentPage, EventPage, IntentPage } from "../../protocol/api.ts";
import { call, createWorld, intentOf, refusal, rows, submit, tell, type World } from "./harness.ts";
import { deployed, parseFacts } from "./story.ts";

async function list(world: World, query: string): Promise<{ ids: string[]; texts: string[]; next: string | null }> {
  const page = (await call("GET", `/api/v1/intents?${query}`, { token: world.read })).as(IntentPage);
  return { ids: page.intents.map((i) => i.intentId), texts: page.intents.map((i) => i.text), next: page.nextCursor };
}

async function pages(world: World, query: string, between: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await list(world, `${query}${cursor}`);
    seen.push(...page.texts);
    if (page.next === null) return seen;
    cursor = `&cursor=${page.next}`;
    await between();
  }
}

test("pages go from the newest to the oldest, each intent once, while new ones arrive", async () => {
  const world = await createWorld();
  const texts = ["one", "two", "three", "four", "five", "six", "seven"];
  for (const text of texts) await submit(world, { text });
  expect(await pages(world, "limit=3", () => submit(world, { text: "later" }))).toEqual([...texts].reverse());
  expect((await list(world, "limit=3")).texts.slice(0, 2)).toEqual(["later", "later"]);
});

test("a page that ends exactly at the last intent has no cursor", async () => {
  const world = await createWorld();
  for (const text of ["a", "b"]) await submit(world, { text });
  expect(await list(world, "limit=2")).toMatchObject({ texts: ["b", "a"], next: null });
});

test("intents are filtered by status", async () => {
  const world = await createWorld();
  const cancelled = await submit(world, { text: "never mind" });
  await call("POST", `/api/v1/intents/${cancelled}/cancel`, { token: world.operate });
  const waiting = await submit(world, { text: "do it" });
  expect((await list(world, "status=cancelled")).ids).toEqual([cancelled]);
  expect((await list(world, "status=received")).ids).toEqual([waiting]);
});

test("every spelling of a site finds its intents, and only those", async () => {
  const world = await createWorld({ sites: 2 });
  const one = await submit(world, { targetSites: ["edge-1"] });
  const both = await submit(world, { targetSites: ["Edge 2", "site 1"] });
  for (const spelling of ["edge1", "edge01", "edge-1", "Edge 1", "site 1"])
    expect((await list(world, `site=${encodeURIComponent(spelling)}`)).ids, spelling).toEqual([both, one]);
  expect((await list(world, "site=edge2")).ids).toEqual([both]);
  expect((await intentOf(world, both)).sites).toEqual(["edge2", "edge1"]);
});

test("q looks for exactly these characters: % and _ and \\ are no wildcards, case does not matter, and it may be long", async () => {
  const world = await createWorld();
  const texts = {
    percent: "at 99% of the cells",
    under: "slice video_7",
    slash: "a\\b",
    plain: "Video 77 of the cellos",
    long: `find ${"needle ".repeat(25)}`,
  };
  const ids: Record<string, string> = {};
  for (const [key, text] of Object.entries(texts)) ids[key] = await submit(world, { text });
  const found = async (q: string) => (await list(world, `q=${encodeURIComponent(q)}`)).ids;
  expect(await found("99%")).toEqual([ids.percent]);
  expect(await found("%")).toEqual([ids.percent]);
  expect(await found("_7")).toEqual([ids.under]);
  expect(await found("\\")).toEqual([ids.slash]);
  expect(await found("VIDEO")).toEqual([ids.plain, ids.under]);
  expect(await found("needle ".repeat(20))).toEqual([ids.long]);
  expect(await found("'; drop table intents; --")).toEqual([]);
});

test("filters add up", async () => {
  const world = await createWorld({ sites: 2 });
  const wanted = await submit(world, { text: "video", targetSites: ["edge2"] });
  await submit(world, { text: "video", targetSites: ["edge1"] });
  await submit(world, { text: "voice", targetSites: ["edge2"] });
  expect((await list(world, "q=video&site=edge2&status=received")).ids).toEqual([wanted]);
});

test("intents are filtered by what they ask for, once that is understood, and by who asked", async () => {
  const world = await createWorld();
  const deploy = await deployed(world);
  const unread = await submit(world, { text: "Deploy something" });
  expect((await list(world, "action=deploy")).ids).toEqual([deploy.intentId]);
  expect((await list(world, "action=terminate")).ids).toEqual([]);
  expect((await list(world, "createdBy=operate+token&limit=1")).ids).toEqual([unread]);
  expect((await list(world, `createdBy=operate+token&limit=1&cursor=${unread}`)).ids).toEqual([deploy.intentId]);
  expect((await list(world, "createdBy=operate+token&action=deploy&status=completed&site=edge1")).ids).toEqual([deploy.intentId]);
  expect((await list(world, "createdBy=nobody")).ids).toEqual([]);
  const wrong = await call("GET", "/api/v1/intents?action=explode", { token: world.read });
  expect(refusal(wrong)).toMatchObject({ code: "VALIDATION", fields: ["action"] });
});

test("the deployments of one slice are its history, newest first, also at one site and in one status", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await deployed(world, { text: "Deploy eMBB slice on edge1 and edge2 with 100Mbps" });
  const slice = (await intentOf(world, first.intentId)).plan?.slice ?? "";
  const second = await deployed(world, { text: `Scale slice ${slice} on edge2 to 120Mbps` });
  const other = await deployed(world, { text: "Deploy URLLC slice on edge1 with 10ms latency" });
  const ids = async (query: string) =>
    (await call("GET", `/api/v1/deployments?${query}`, { token: world.read })).as(DeploymentPage).deployments.map((d) => d.deploymentId);
  expect(await ids(`slice=${slice}`)).toEqual([second.deploymentId, first.deploymentId]);
  expect(await ids(`slice=${slice}&limit=1&cursor=${second.deploymentId}`)).toEqual([first.deploymentId]);
  expect(await ids(`slice=${slice}&site=edge1`)).toEqual([first.deploymentId]);
  expect(await ids(`slice=${slice}&site=edge2&status=live`)).toContain(second.deploymentId);
  expect(await ids(`slice=${slice}&status=failed`)).toEqual([]);
  expect(await ids("slice=none-such")).toEqual([]);
  expect(await ids("")).toEqual([other.deploymentId, second.deploymentId, first.deploymentId]);
  const wrong = await call("GET", "/api/v1/deployments?slice=../x", { token: world.read });
  expect(refusal(wrong)).toMatchObject({ code: "VALIDATION", fields: ["slice"] });
});

test("deployments are listed newest first, by site and by status, with their parts", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await deployed(world, { text: "Deploy eMBB slice on edge1 with 100Mbps" });
  const second = await deployed(world, { text: "Deploy eMBB slice on edge2 with 100Mbps" });
  const ids = async (query: string) =>
    (await call("GET", `/api/v1/deployments?${query}`, { token: world.read })).as(DeploymentPage).deployments.map((d) => d.deploymentId);
  expect(await ids("")).toEqual([second.deploymentId, first.deploymentId]);
  expect(await ids("site=edge02")).toEqual([second.deploymentId]);
  expect(await ids("status=live&limit=1")).toEqual([second.deploymentId]);
  expect(await ids(`limit=1&cursor=${second.deploymentId}`)).toEqual([first.deploymentId]);
  expect(await ids("status=reverted")).toEqual([]);
});

test("the feed is read after a seq, in order, and tells the head; an intent's feed has only its own events", async () => {
  const world = await createWorld();
  const one = await submit(world, { text: "one" });
  const two = await submit(world, { text: "two" });
  const job = await world.agent.take();
  await tell(world.agent, job, parseFacts(job).slice(0, 1));
  const all = await rows<{ seq: number }>("select seq from events order by seq");
  const head = all.at(-1)?.seq ?? 0;
  const feed = async (path: string) => (await call("GET", path, { token: world.read })).as(EventPage);
  const page = await feed(`/api/v1/events?after=${head - 2}&limit=1`);
  expect([page.events.map((event) => event.seq), page.head]).toEqual([[head - 1], head]);
  expect((await feed("/api/v1/events?limit=1000")).events.map((event) => event.seq)).toEqual(all.map((row) => row.seq));
  expect((await feed(`/api/v1/events?after=${head}`)).events).toEqual([]);
  const other = job.input.intentId === one ? two : one;
  expect((await feed(`/api/v1/intents/${job.input.intentId}/events`)).events.map((event) => event.type)).toEqual([
    "intent.received",
    "intent.parsing",
  ]);
  expect((await feed(`/api/v1/intents/${other}/events`)).events.map((event) => event.type)).toEqual(["intent.received"]);
});

test("the head of the feed does not go back when old events are pruned", async () => {
  const world = await createWorld();
  await submit(world);
  const before = (await call("GET", "/api/v1/events", { token: world.read })).as(EventPage).head;
  await rows("delete from events");
  expect((await call("GET", "/api/v1/events", { token: world.read })).as(EventPage)).toEqual({ events: [], head: before });
});
