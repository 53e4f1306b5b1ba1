// The command line `o2` and `agent doctor` as an installed package has them, against a whole running system.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { EventPage, IntentAccepted, IntentPage, IntentRecord, SitePage, SlicePage } from "../../protocol/api.ts";
import { DurableEvent } from "../../protocol/event.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { type Ended, type Installed, installPackage, oldNode, type RunOptions } from "./support/installed.ts";
import { errorCode, readChecks, readStream } from "./support/o2-output.ts";

const O2 = "agent/o2/bin.mjs";
const AGENT = "agent/bin.mjs";

let stack: Stack;
let installed: Installed;
beforeAll(async () => {
  [stack, installed] = await Promise.all([startStack({ sites: 5 }), installPackage()]);
});
afterAll(() => Promise.all([stack?.stop(), installed?.remove()]));

function o2(args: string[], options: RunOptions = {}): Promise<Ended> {
  return installed.run(O2, args, { ...options, env: { O2_URL: stack.url, O2_TOKEN: stack.token, ...options.env } });
}

/** The one JSON document of a command that must succeed. */
async function json<S extends z.ZodType>(schema: S, ...args: string[]): Promise<z.output<S>> {
  const ended = await o2([...args, "--json"]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return schema.parse(JSON.parse(ended.stdout));
}

test("the installed program runs, also when the user's Node is an old one, and passes its exit code on", async () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile("package.json", "utf8")));
  expect(await o2(["--version"])).toEqual({ code: 0, stdout: `o2 ${version}\n`, stderr: "" });
  expect(await o2(["nonsense"])).toMatchObject({ code: 2, stdout: "" });
  const node = await oldNode();
  if (node === null) return;
  expect(await o2(["--version"], { node })).toEqual({ code: 0, stdout: `o2 ${version}\n`, stderr: "" });
  expect((await o2(["nonsense"], { node })).code).toBe(2);
});

test("login keeps an accepted token for its owner only, and nothing of a refused one", async () => {
  const env = { O2_URL: "", O2_TOKEN: "", XDG_CONFIG_HOME: join(installed.dir, "config") };
  const file = join(env.XDG_CONFIG_HOME, "o2/config.json");
  const wrong = await o2(["login", stack.url], { env, stdin: "a-token-that-nobody-has\n" });
  expect(wrong).toMatchObject({ code: 3, stdout: "" });
  await expect(stat(file)).rejects.toThrow("ENOENT");
  expect(await o2(["list"], { env })).toMatchObject({ code: 2, stderr: expect.stringContaining("nobody is signed in") });
  const right = await o2(["login", stack.url], { env, stdin: `${stack.token}\n` });
  expect(right).toMatchObject({ code: 0, stdout: expect.stringContaining("as admin") });
  expect(right.stdout + right.stderr).not.toContain(stack.token);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await o2(["sites"], { env })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^edge1 /m) });
});

test("a deployment is followed event by event to its end, is in all lists, and is taken back", async () => {
  const ended = await o2(["deploy", "Deploy eMBB slice with 200Mbps and 20ms latency", "--site", "edge1,Edge 2", "--watch", "--json"]);
  const { accepted, events, last } = readStream(ended.stdout);
  expect([ended.code, last]).toEqual([0, { outcome: "completed", exitCode: 0 }]);
  const { intentId } = accepted;
  expect(events).toEqual(await stack.events(intentId));

  const [record, listed, slices, sites, all, shown, watched] = await Promise.all([
    json(IntentRecord, "show", intentId),
    json(IntentPage, "list", "--status", "completed", "--site", "edge1"),
    json(SlicePage, "slices"),
    json(SitePage, "sites"),
    json(EventPage, "events", "--after", "0"),
    o2(["show", intentId, "--diff"]),
    o2(["watch", intentId]),
  ]);
  expect(record).toMatchObject({ status: "completed", sites: ["edge1", "edge2"] });
  expect(listed.intents.map((intent) => intent.intentId)).toEqual([intentId]);
  expect(slices.slices.map(({ slice }) => slice)).toEqual([record.plan?.slice]);
  const used = sites.sites.map(({ id, slices: there }) => `${id} ${there.length}`);
  expect(used).toEqual(["edge1 1", "edge2 1", "edge3 0", "edge4 0", "edge5 0"]);
  expect(all.events.length).toBeGreaterThan(10);
  expect(shown.stdout).toMatch(/^status: +completed$/m);
  expect(shown.stdout).toMatch(/^added sites\/edge1\/slices\//m);
  expect(watched.code).toBe(0);
  expect(watched.stdout.split("\n").filter((line) => /^\d\d:\d\d:\d\d/.test(line))).toHaveLength(events.length);
  expect(watched.stdout.trimEnd().split("\n").at(-1)).toMatch(/^✓ completed in \d/);

  const back = await o2(["rollback", record.deploymentId ?? "", "--watch"]);
  expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining("taken back") });
  expect((await o2(["watch", intentId])).code).toBe(1);
  expect(await stack.repository.slices()).toEqual([]);
});

test("a live slice is scaled and terminated by its name", async () => {
  const { code, stdout } = await o2(["deploy", "Deploy eMBB slice on edge1 with 100Mbps", "--watch", "--json"]);
  expect([code, readStream(stdout).last.outcome]).toEqual([0, "completed"]);
  const slice = (await stack.intent(readStream(stdout).accepted.intentId)).plan?.slice ?? "";
  const scaled = await o2(["scale", slice, "--downlink", "400", "--watch"]);
  expect(scaled).toMatchObject({ code: 0, stdout: expect.stringContaining("✓ completed") });
  const [live] = (await json(SlicePage, "slices")).slices;
  expect(live?.sites).toMatchObject([{ site: "edge1", downlinkMbps: 400 }]);
  expect(await o2(["terminate", slice, "--watch"])).toMatchObject({ code: 0 });
  expect((await json(SlicePage, "slices")).slices).toEqual([]);
  expect(await o2(["terminate", slice])).toMatchObject({ code: 3 });
});

test("a deployment in data needs no words", async () => {
  const args = ["deploy", "--type", "mMTC", "--site", "edge2", "--devices", "500", "--slice", "meters", "--watch"];
  expect(await o2(args)).toMatchObject({ code: 0 });
  expect((await json(SlicePage, "slices")).slices.map(({ slice }) => slice)).toEqual(["meters"]);
  expect(await o2(["rollback", "meters", "--watch"])).toMatchObject({ code: 0 });
  expect(await stack.repository.slices()).toEqual([]);
});

test("a dry run prints the diff and changes nothing", async () => {
  const before = await stack.repository.tip();
  const ended = await o2(["deploy", "Deploy URLLC slice on edge3 with 5ms latency", "--dry-run"]);
  expect(ended).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^added sites\/edge3\/slices\//m) });
  expect(ended.stdout.trimEnd()).toMatch(/\d+ added, 1 modified, 0 removed$|\d+ added, 0 modified, 0 removed$/);
  expect(await stack.repository.tip()).toBe(before);
});

// Consecutive concurrent tests run at the same time, each at a site of its own: most of it is starting processes one after the other.
test.concurrent("what needs an approval ends with 5, and is approved by exactly the digest that was shown", async () => {
  const asked = await o2(["deploy", "Deploy mMTC slice on edge3 for 500 devices", "--approval", "required", "--watch", "--json"]);
  const { accepted, last } = readStream(asked.stdout);
  expect([asked.code, last]).toEqual([5, { outcome: "awaiting_approval", exitCode: 5 }]);
  const { intentId } = accepted;
  const { digest } = await stack.intent(intentId);

  expect(await o2(["approve", intentId])).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  const other = await o2(["approve", intentId, "--yes", "--digest", `sha256:${"0".repeat(64)}`, "--json"]);
  expect([other.code, errorCode(other.stdout)]).toEqual([3, "DIGEST_MISMATCH"]);
  expect((await stack.intent(intentId)).status).toBe("awaiting_approval");

  const approved = await o2(["approve", intentId, "--yes", "--watch"]);
  expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining(digest ?? "no digest") });
  const record = await stack.intent(intentId);
  expect(record.deployment?.approvedBy).toBe("admin");
  expect(await o2(["approve", intentId, "--yes"])).toMatchObject({ code: 3, stderr: expect.stringContaining("it is completed") });
  expect(await o2(["rollback", record.deploymentId ?? "", "--watch"])).toMatchObject({ code: 0 });
});

test.concurrent("what is not said is asked for with 5, and the answer carries it on; what is refused ends with 1", async () => {
  const asked = await o2(["deploy", "Deploy mMTC slice for 100 devices", "--watch"]);
  expect(asked).toMatchObject({ code: 5, stdout: expect.stringContaining("targetSites:") });
  const intentId = /o2 answer (int_\w+)/.exec(asked.stdout)?.[1] ?? "";
  expect(await o2(["answer", intentId])).toMatchObject({ code: 2 });
  expect(await o2(["answer", intentId, "--site", "edge4", "--watch"])).toMatchObject({ code: 0 });
  const { deploymentId } = await stack.intent(intentId);
  expect(await o2(["rollback", deploymentId ?? "", "--site", "edge4", "--watch"])).toMatchObject({ code: 0 });

  const waiting = await o2(["deploy", "Deploy mMTC slice on edge4 for 500 devices", "--approval", "required", "--watch", "--json"]);
  const other = readStream(waiting.stdout).accepted.intentId;
  expect(await json(IntentAccepted, "reject", other, "--reason", "not today")).toEqual({ intentId: other, status: "rejected" });
  expect(await o2(["watch", other])).toMatchObject({ code: 1, stdout: expect.stringContaining("not today") });
  expect(await o2(["deploy", "Hello there", "--watch"])).toMatchObject({ code: 1, stdout: expect.stringContaining("✗ rejected") });
});

test.concurrent("a wait ends with its time or with Ctrl-C while the intent goes on, and a cancelled intent ends with 1", async () => {
  await stack.fault("edge5", { sync: "stuck" });
  const { intentId } = await json(IntentAccepted, "deploy", "Deploy eMBB slice on edge5 with 50Mbps");
  await stack.untilStage(intentId, "edge_deploying");
  expect(await o2(["watch", intentId, "--timeout", "0.3s"])).toMatchObject({
    code: 6,
    stdout: expect.stringContaining("the time is up"),
  });
  const interrupted = await o2(["watch", intentId], { onOutput: (said, stop) => said.includes("edge.deploying") && stop("SIGINT") });
  expect(interrupted.code).toBe(130);
  expect((await stack.status(intentId)).status).toBe("running");
  expect(await o2(["cancel", intentId])).toMatchObject({ code: 0 });
  expect(await o2(["watch", intentId])).toMatchObject({ code: 1, stdout: expect.stringContaining("cancelled by admin") });
  await stack.fault("edge5", {});
  expect(await o2(["rollback", (await stack.intent(intentId)).deploymentId ?? "", "--watch"])).toMatchObject({ code: 0 });
});

test.concurrent("refusals show the server's words and the field, and a server that is not there ends with 4", async () => {
  const [refused, unknown, stranger, alerts, nothing, gone] = await Promise.all([
    o2(["deploy", "Deploy eMBB slice on edge1", "--policy", "hope"]),
    o2(["show", `int_${"0".repeat(26)}`]),
    o2(["list"], { env: { O2_TOKEN: "a-token-that-nobody-has" } }),
    o2(["alerts", "--status", "firing"]),
    o2(["alerts", "--ack", `alr_${"0".repeat(26)}`]),
    o2(["list", "--json"], { env: { O2_URL: "http://127.0.0.1:2" } }),
  ]);
  expect(refused).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(/\n {2}policy: /) });
  expect(unknown).toMatchObject({ code: 3 });
  expect(stranger).toMatchObject({ code: 3 });
  expect(alerts).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ALERT /) });
  expect(nothing).toMatchObject({ code: 3 });
  expect([gone.code, errorCode(gone.stdout)]).toEqual([4, "UNREACHABLE"]);
});

test("a watch outlives a restart of the server", async () => {
  await stack.fault("edge3", { sync: "slow" });
  const intentId = await stack.deploy("Deploy eMBB slice on edge3 with 50Mbps");
  const before = stack.pid("worker");
  let killed = false;
  const watched = await o2(["watch", intentId, "--json"], {
    onOutput: (said) => {
      if (!killed && said.includes('"edge.deploying"')) stack.kill("worker");
      killed ||= said.includes('"edge.deploying"');
    },
  });
  expect([killed, watched.code]).toEqual([true, 0]);
  expect(stack.pid("worker")).not.toBe(before);
  await stack.clearFaults();
  expect(await o2(["rollback", (await stack.intent(intentId)).deploymentId ?? "", "--watch"])).toMatchObject({ code: 0 });
});

test("events are followed as they happen, in order and without a gap", async () => {
  const { head } = await json(EventPage, "events");
  const following = o2(["events", "--follow", "--after", String(head), "--json"], {
    onOutput: (said, stop) => said.split('"krm.generated"').length === 3 && stop("SIGINT"),
  });
  for (const latency of ["5ms", "6ms"]) {
    const intentId = await stack.deploy(`Deploy URLLC slice on edge2 with ${latency} latency`, { dryRun: true });
    await stack.untilStage(intentId, "krm_generated");
  }
  const { code, stdout } = await following;
  expect(code).toBe(130);
  const lines = stdout.trimEnd().split("\n");
  const seqs = lines.map((line) => DurableEvent.parse(JSON.parse(line)).seq);
  expect(seqs).toEqual(seqs.map((_, index) => head + 1 + index));
  const again = await o2(["events", "--follow", "--after", String(head), "--timeout", "0.1s", "--json"]);
  expect(again.code).toBe(0);
  expect(again.stdout.startsWith(stdout)).toBe(true);
});

test("the agent's doctor finds a running installation well, and shows no secret", async () => {
  const data = join(stack.dataDir, "agent");
  const env = {
    ...{ WORKER_URL: stack.url, AGENT_DATA_DIR: data, AGENT_CONFIG: join(data, "agent.yaml") },
    ...{ KPT_BIN: "/no-kpt", CLAUDE_BIN: "/no-claude" },
  };
  const [shown, ended] = await Promise.all([
    installed.run(AGENT, ["doctor"], { env }),
    installed.run(AGENT, ["doctor", "--json"], { env }),
  ]);
  expect(readChecks(ended.stdout)).toEqual([
    ...["ok configuration", "warn claude", "warn kpt", "ok git", "ok network", "ok clock", "ok credential", "ok data directory"],
    ...["ok repository", "ok push right", "ok site edge1", "ok site edge2", "ok site edge3", "ok site edge4", "ok site edge5"],
  ]);
  expect([ended.code, shown.code]).toEqual([0, 0]);
  const { credential } = z.object({ credential: z.string() }).parse(JSON.parse(await readFile(join(data, "credential.json"), "utf8")));
  expect(shown.stdout + shown.stderr + ended.stdout).not.toContain(credential);

  await stack.fault("edge2", { unreachable: true });
  const broken = await installed.run(AGENT, ["doctor"], { env });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/^FAIL +site edge2 .*\n +fix: /m);
  await stack.clearFaults();
});
