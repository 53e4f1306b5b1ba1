// Many at once: intents over the same sites, and one request sent ten times.
import { afterAll, beforeAll, expect, test } from "vitest";
import { IntentAccepted, IntentPage, type IntentRecord } from "../../protocol/api.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, sitesAtTip, terminalEvents } from "./support/expectations.ts";

const INTENTS = 30;
const SITES = 4;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sites: SITES });
});
afterAll(() => stack?.stop());

test("the same Idempotency-Key ten times at once is one intent with one answer", async () => {
  const body = { text: "Deploy eMBB slice on edge1 with 10Mbps" };
  const send = (changed = body) => stack.api("POST", "/api/v1/intents", changed, { "idempotency-key": "ten-at-once" });
  const answers = await Promise.all(Array.from({ length: 10 }, () => send()));
  const [first] = answers;
  expect(answers.map(({ status, body: answer }) => ({ status, body: answer }))).toEqual(
    Array.from({ length: 10 }, () => ({ status: 202, body: first?.body })),
  );
  const { intentId } = IntentAccepted.parse(first?.body);
  expect((await stack.settled(intentId)).status).toBe("completed");
  expect(await send()).toMatchObject({ status: 202, body: first?.body });
  expect(await send({ text: "Deploy eMBB slice on edge2 with 10Mbps" })).toMatchObject({
    status: 409,
    body: { error: { code: "IDEMPOTENCY_MISMATCH" } },
  });
  const page = IntentPage.parse((await stack.api("GET", "/api/v1/intents")).body);
  expect(page.intents.map((intent) => intent.intentId)).toEqual([intentId]);
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1"]);
});

test(`${INTENTS} intents at once over ${SITES} sites are all completed, none lost, none twice, and the tree lists them all`, async () => {
  const feed = await stack.feed();
  const before = (await stack.repository.slices()).length;
  const site = (index: number) => `edge${(index % SITES) + 1}`;
  const ids = await Promise.all(
    Array.from({ length: INTENTS }, (_, index) => stack.deploy(`Deploy eMBB slice on ${site(index)} with ${10 + index}Mbps`)),
  );
  expect(new Set(ids).size).toBe(INTENTS);
  const settled: IntentRecord[] = [];
  for (const id of ids) settled.push(await stack.settled(id, 60_000)); // one after the other: thirty askers at once would be the load
  expect(settled.map(({ status, failure }) => ({ status, failure }))).toEqual(ids.map(() => ({ status: "completed", failure: null })));

  for (const [index, id] of ids.entries()) expect(await commitsOf(stack, id)).toEqual([`push ${site(index)}`]);
  const events = await stack.allEvents();
  for (const id of ids) expect(terminalEvents(events.filter((event) => event.intentId === id))).toEqual(["intent.completed"]);

  const slices = await stack.repository.slices();
  expect(slices.length).toBe(before + INTENTS);
  expect(slices).toEqual(expect.arrayContaining(settled.map((intent, index) => `${site(index)}/${intent.plan?.slice}`)));
  await sitesAtTip(stack);
  expect((await stack.labSites()).flatMap(({ id, slices: live }) => live.map((slice) => `${id}/${slice}`)).sort()).toEqual(slices);
  for (const entry of slices) {
    const [at = "", slice = ""] = entry.split("/");
    expect(await stack.repository.read(`sites/${at}/kustomization.yaml`)).toContain(`slices/${slice}/`);
  }
  expect(new Set(settled.map((intent) => intent.plan?.snssai.sd)).size).toBe(INTENTS);

  await feed.untilType("intent.completed", ids.at(-1));
  expect(feed.faults).toEqual([]);
});
