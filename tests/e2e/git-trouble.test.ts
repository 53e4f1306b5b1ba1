// The git remote is refusing, away, silent, or ahead: bounded retries, then a clear failure and a tree that is as it was.
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Stack, startStack } from "../helpers/stack.ts";
import { beside } from "./support/beside.ts";
import { commitsOf, sitesAtTip, takeBackAll, terminalEvents } from "./support/expectations.ts";
import { SOMEBODY } from "./support/repository.ts";

const GIVES_UP_MS = 25_000; // five tries of GIT_TIMEOUT_MS each, with the pauses between them
const BOUNDS = { GIT_TIMEOUT_MS: "1000" };
const OTHERS = 12; // commits by somebody else, one after the other without a pause; the agent starts again up to 30 times
const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 100Mbps";

let stack: Stack;
let givenUp: () => Promise<void>;
beforeAll(async () => {
  givenUp = beside({ sites: 2, env: BOUNDS }, silentServer);
  stack = await startStack({ sites: 4, env: BOUNDS });
});
beforeEach(() => takeBackAll(stack));
afterAll(() => Promise.allSettled([givenUp?.()]).then(() => stack?.stop()));

/** An intent that is prepared and waits; the function lets it go on to its push. */
async function prepared(on = stack): Promise<{ intentId: string; approve: () => Promise<void> }> {
  const intentId = await on.deploy(SENTENCE, { approval: "required" });
  const { digest } = await on.settled(intentId);
  const approve = async () => {
    expect(await on.api("POST", `/api/v1/intents/${intentId}/approve`, { digest })).toMatchObject({ status: 202 });
  };
  return { intentId, approve };
}

async function expectNothingDone(intentId: string, before: string, on = stack): Promise<void> {
  expect(await on.repository.tree("main")).toBe(before);
  expect(await commitsOf(on, intentId)).toEqual([]);
  expect(terminalEvents(await on.events(intentId))).toEqual(["intent.failed"]);
  await sitesAtTip(on);
  expect((await on.labSites()).flatMap((site) => site.slices)).toEqual([]);
  // Nothing holds the name, the capacity or the sites: the same again goes through.
  const again = await on.deploy(SENTENCE);
  expect((await on.settled(again)).status).toBe("completed");
}

async function silentServer(silent: Stack): Promise<void> {
  const before = await silent.repository.tree("main");
  const { intentId, approve } = await prepared(silent);
  silent.kill("lab", "SIGSTOP");
  try {
    await approve();
    const intent = await silent.settled(intentId, GIVES_UP_MS);
    expect(intent).toMatchObject({ status: "failed", failure: { stage: "push", reason: "git_unreachable", retryable: true } });
    expect(intent.failure?.message).toBe("The git server could not be reached: no answer in time");
  } finally {
    silent.kill("lab", "SIGCONT");
  }
  await expectNothingDone(intentId, before, silent);
}

test("a refusal is told with the server's own words, without a second try", async () => {
  const before = await stack.repository.tree("main");
  await stack.repository.hook("pre-receive", "echo 'the change freeze is on' >&2; exit 1");
  const intentId = await stack.deploy(SENTENCE);
  const intent = await stack.settled(intentId);
  expect(intent).toMatchObject({ status: "failed", failure: { stage: "push", reason: "git_refused", retryable: false } });
  expect(intent.failure?.message).toContain("the change freeze is on");
  expect(intent.deployment).toMatchObject({ status: "failed", commit: null });
  await stack.repository.removeHooks();
  await expectNothingDone(intentId, before);
});

test("a repository that is gone when it is pushed to is a clear failure", async () => {
  const before = await stack.repository.tree("main");
  const { intentId, approve } = await prepared();
  await stack.repository.hide();
  try {
    await approve();
    const intent = await stack.settled(intentId, GIVES_UP_MS);
    expect(intent).toMatchObject({ status: "failed", failure: { stage: "push" }, deployment: { status: "failed", commit: null } });
    expect(intent.failure?.reason).toMatch(/^git_(refused|unreachable)$/);
    expect(intent.failure?.message).toMatch(/git server .*not found/i);
  } finally {
    await stack.repository.show();
  }
  await expectNothingDone(intentId, before);
});

test("a server that is restarted meanwhile is only a delay", async () => {
  const { intentId, approve } = await prepared();
  stack.kill("lab");
  await approve();
  expect((await stack.settled(intentId, GIVES_UP_MS)).status).toBe("completed");
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2"]);
});

test("a branch that moves ahead again and again is caught up with, and nobody's commit is lost", async () => {
  const clone = join(stack.dataDir, "somebody");
  const somebody = (async () => {
    for (let n = 0; n < OTHERS; n += 1) await stack.repository.commitAs(clone, { [`sites/edge4/slices/other/${n}.txt`]: "theirs\n" });
  })();
  const ids = await Promise.all([SENTENCE, "Deploy URLLC slice on edge3 with 5ms latency"].map((text) => stack.deploy(text)));
  const settled = [await stack.settled(ids[0] ?? ""), await stack.settled(ids[1] ?? "")];
  await somebody;
  await stack.repository.removeAs(clone, "sites/edge4/slices");
  expect(settled.map((intent) => intent.status)).toEqual(["completed", "completed"]);
  expect(await commitsOf(stack, ids[0] ?? "")).toEqual(["push edge1,edge2"]);
  expect(await commitsOf(stack, ids[1] ?? "")).toEqual(["push edge3"]);
  const log = (await stack.repository.commits()).filter((commit) => commit.subject === SOMEBODY);
  expect(log.length).toBe(OTHERS + 1); // and the one that took their files away again
  const [first, second] = settled.map((intent) => intent.plan?.slice);
  expect(await stack.repository.slices()).toEqual([`edge1/${first}`, `edge2/${first}`, `edge3/${second}`]);
});

test("a server that does not answer is tried again a few times, then a clear failure", () => givenUp());

test("files of the slice that somebody changed after they were shown void the approval, and it is asked for again", async () => {
  const { intentId, approve } = await prepared();
  const { plan, digest } = await stack.intent(intentId);
  const clone = join(stack.dataDir, "meddler");
  await stack.repository.commitAs(clone, { [`sites/edge1/slices/${plan?.slice}/stray.yaml`]: "kind: Stray\n" });
  await approve();
  await stack.untilStatus(intentId, "awaiting_approval");
  const events = async () => (await stack.events(intentId)).filter((event) => event.type === "approval.requested").length;
  expect(await events()).toBe(2);
  const again = await stack.intent(intentId);
  expect(again.diff?.filter(({ change }) => change === "removed").map(({ path }) => path)).toEqual([
    `sites/edge1/slices/${plan?.slice}/stray.yaml`,
  ]);
  expect(await stack.api("POST", `/api/v1/intents/${intentId}/approve`, { digest: again.digest ?? digest })).toMatchObject({ status: 202 });
  expect((await stack.settled(intentId)).status).toBe("completed");
  expect((await stack.repository.files()).filter((file) => file.endsWith("stray.yaml"))).toEqual([]);
});
