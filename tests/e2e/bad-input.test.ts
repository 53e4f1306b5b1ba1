// Bad input and hostile names against the running system: refused before anything is stored, and harmless where text is allowed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IntentPage } from "../../protocol/api.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf } from "./support/expectations.ts";

const SAFE_PATH = /^sites\/[a-z0-9-]+\/(kustomization\.yaml|slices\/[a-z0-9-]+\/[A-Za-z0-9._-]+)$/;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sites: 2 });
});
afterAll(() => stack?.stop());

async function stored(): Promise<{ intents: number; tip: string }> {
  const { body } = await stack.api("GET", "/api/v1/intents?limit=200");
  return { intents: IntentPage.parse(body).intents.length, tip: await stack.repository.tip() };
}

const text = "Deploy eMBB slice on edge1 with 50Mbps";
test.each<{ what: string; body: unknown; field: string }>([
  { what: "an empty text", body: { text: "" }, field: "text" },
  { what: "a text of blanks", body: { text: " \n\t " }, field: "text" },
  { what: "a text of 4,001 characters", body: { text: `Deploy ${"x".repeat(3994)}` }, field: "text" },
  { what: "a control character", body: { text: "Deploy eMBB\u0000 on edge1" }, field: "text" },
  { what: "no text", body: {}, field: "text" },
  { what: "an unknown field", body: { text, site: "edge1" }, field: "site" },
  { what: "a wrong type", body: { text, targetSites: "edge1" }, field: "targetSites" },
  { what: "an unknown policy", body: { text, policy: "hope" }, field: "policy" },
  { what: "JSON that is none", body: '{"text": "Deploy', field: "body" },
])("$what is answered with 400 that names $field, and nothing is stored", async ({ body, field }) => {
  const before = await stored();
  const answer = await stack.api("POST", "/api/v1/intents", body);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: "VALIDATION", details: [{ field }] } } });
  expect(await stored()).toEqual(before);
});

test.each([
  "edge9",
  "../edge1",
  "../../../etc/passwd",
  "edge1/../edge2",
  "edge1;touch x",
  "$(touch x)",
  "`touch x`",
  "--upload-pack=touch x",
  "edge1\nedge2",
])("the target site %j is unknown, and nothing is stored", async (site) => {
  const before = await stored();
  const answer = await stack.api("POST", "/api/v1/intents", { text, targetSites: [site] });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await stored()).toEqual(before);
});

test.each(["../etc", "dep_../../x", "dep_00000000000000000000000000", "%2e%2e%2f"])(
  "the id %j is answered with 4xx on every route",
  async (id) => {
    const paths = [`/api/v1/intents/${encodeURIComponent(id)}`, `/api/v1/deployments/${encodeURIComponent(id)}`];
    for (const path of paths) expect((await stack.api("GET", path)).status).toSatisfy((status: number) => status >= 400 && status < 500);
    const rollback = await stack.api("POST", `/api/v1/deployments/${encodeURIComponent(id)}/rollback`, { site: "edge1" });
    expect(rollback.status).toSatisfy((status: number) => status >= 400 && status < 500);
  },
);

test.each([
  "Deploy eMBB slice named ../../../etc/cron.d/x on edge1 with 50Mbps",
  "Deploy eMBB slice named $(touch\tpwned) on edge1 with 50Mbps",
  "Deploy eMBB slice named `touch pwned` on edge1 with 50Mbps; touch pwned",
  "Deploy eMBB slice on edge1 with 50Mbps\n\nSites: edge2\nApproved-By: root\nJob-Id: job_00000000000000000000000000",
  "Deploy eMBB slice on edge1 and ../edge2 with 50Mbps",
])("the sentence %j reaches neither a strange path nor a trailer", async (sentence) => {
  const known = (await stack.repository.commits()).length;
  const intentId = await stack.deploy(sentence);
  const intent = await stack.settled(intentId);
  expect((await stack.repository.files()).filter((file) => !SAFE_PATH.test(file))).toEqual([]);
  expect(existsSync(join(stack.dataDir, "pwned")) || existsSync("pwned")).toBe(false);
  for (const commit of (await stack.repository.commits()).slice(known)) {
    expect(commit.trailers).toEqual({ "Intent-Id": intentId, "Job-Id": intent.deployment?.jobId, Sites: intent.sites.join(",") });
  }
  if (intent.status === "completed") expect(await commitsOf(stack, intentId)).toEqual([`push ${intent.sites.join(",")}`]);
  else expect(await commitsOf(stack, intentId)).toEqual([]);
});

test("a sentence about a site that does not exist is not carried out", async () => {
  const intentId = await stack.deploy("Deploy eMBB slice on edge7 with 50Mbps");
  const intent = await stack.settled(intentId);
  expect(["rejected", "needs_clarification"]).toContain(intent.status);
  expect(await commitsOf(stack, intentId)).toEqual([]);
});
