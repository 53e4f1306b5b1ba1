// Work about sites: the live check of every address, a cluster made and taken away, and what a restart or a lost answer changes (nothing).
import { expect, onTestFinished, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { createSiteTasks } from "../../../agent/loops/site-tasks.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import { labSiteConfigs } from "../../../lab/configs.ts";
import type { Lab } from "../../../lab/lab.ts";
import { newId } from "../../../protocol/ids.ts";
import type { ProvisioningRequest, SiteConfig, SiteTask, SiteTaskInput } from "../../../protocol/site.ts";
import { type FakeWorker, startFakeWorker } from "../../helpers/fake-worker.ts";
import { setFaults, testLab } from "../../lab/support.ts";
import { captureLog } from "./assemble.ts";

const POLL = { timeout: 10_000, interval: 20 };
const REQUEST: ProvisioningRequest = {
  provisioningRequestId: "3f2c9a52-7a57-5d6e-9d0c-8a1f5b1f0c11",
  name: "edge1",
  description: "",
  templateName: "edge-small",
  templateVersion: "v1",
  templateParameters: { nodes: 3 },
};

function siteOf(lab: Lab): SiteConfig {
  const [site] = labSiteConfigs(lab.url, 1);
  if (site === undefined) throw new Error("the lab has no site");
  return site;
}

function taskOf(input: SiteTaskInput): SiteTask {
  return { taskId: newId("tsk"), site: "edge1", input, deadline: new Date(Date.now() + 60_000).toISOString() };
}

/** The loop of one agent process, handed what the worker has whenever `beat` is called. */
function startTasks(worker: FakeWorker, lab: Lab) {
  const edge = createEdgePort({ sites: [siteOf(lab)], secret: async () => undefined, timeoutMs: 500 });
  const client = createWorkerClient({ baseUrl: worker.url, credential: worker.credential, version: "0", timeoutMs: 1_000 });
  const ended = { times: 0 };
  const tasks = createSiteTasks({
    ...{ client, instanceId: newId("inst"), edge, log: captureLog([]), pollMs: 10, backoff: { baseMs: 5, capMs: 10, random: () => 1 } },
    onEnded: () => (ended.times += 1),
  });
  const stop = new AbortController();
  const running = tasks.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  onTestFinished(end);
  return { ended, end, beat: () => tasks.take(worker.tasks) };
}

async function clusters(lab: Lab): Promise<number> {
  const { sites } = JSON.parse(await (await fetch(`${lab.url}/sites`)).text());
  return sites.find((site: { id: string }) => site.id === "edge1").clusters.length;
}

async function world() {
  const [lab, worker] = [await testLab({ sites: 1 }), await startFakeWorker()];
  onTestFinished(() => worker.close());
  return { lab, worker };
}

test("a check tries every address and says of each what came of it", async () => {
  const { lab, worker } = await world();
  const good = siteOf(lab);
  const bad = { ...good, prometheus: { url: "http://127.0.0.1:1", tokenRef: { env: "NOT_SET_ANYWHERE" } } };
  const [passing, failing] = [taskOf({ kind: "check", config: good }), taskOf({ kind: "check", config: bad })];
  worker.tasks = [passing, failing];
  const agent = startTasks(worker, lab);
  agent.beat();
  await expect.poll(() => agent.ended.times, POLL).toBe(2);
  const of = (task: SiteTask) => worker.taskReports.find((report) => report.taskId === task.taskId);
  const names = (task: SiteTask) => of(task)?.checks?.map(({ name, ok }) => `${name} ${ok}`);
  expect([of(passing)?.state, of(passing)?.message, names(passing)]).toEqual([
    "succeeded",
    "every address and credential works",
    ["kube true", "o2ims true", "prometheus true"],
  ]);
  expect([of(failing)?.state, names(failing)]).toEqual([
    "failed",
    ["kube true", "o2ims true", "prometheus false", "prometheus.credential false"],
  ]);
  expect(of(failing)?.message).toMatch(/^prometheus: .*; prometheus\.credential: .*NOT_SET_ANYWHERE/);
});

test("a cluster is made through its phases and taken away again, each told once", async () => {
  const { lab, worker } = await world();
  worker.tasks = [taskOf({ kind: "provision", request: REQUEST })];
  const agent = startTasks(worker, lab);
  agent.beat();
  await expect.poll(() => agent.ended.times, POLL).toBe(1);
  const phases = () => worker.taskReports.map(({ state, phase }) => `${state} ${phase}`);
  expect(phases()).toEqual([...new Set(phases())]);
  expect(phases().at(-1)).toBe("succeeded fulfilled");
  expect(worker.taskReports.at(-1)?.nodeClusterId).toEqual(expect.any(String));
  expect(await clusters(lab)).toBe(1);

  worker.taskReports = [];
  worker.tasks = [taskOf({ kind: "deprovision", provisioningRequestId: REQUEST.provisioningRequestId })];
  agent.beat();
  await expect.poll(() => agent.ended.times, POLL).toBe(2);
  expect(phases().at(-1)).toBe("succeeded deleted");
  expect(await clusters(lab)).toBe(0);
});

test("an agent that ends while a cluster is being made leaves it to the next, and there is one cluster", async () => {
  const { lab, worker } = await world();
  worker.tasks = [taskOf({ kind: "provision", request: REQUEST })];
  const before = startTasks(worker, lab);
  before.beat();
  await expect.poll(() => worker.taskReports.length, POLL).toBeGreaterThan(0);
  await before.end();
  const after = startTasks(worker, lab);
  after.beat();
  after.beat(); // handed out with every heartbeat
  await expect.poll(() => after.ended.times, POLL).toBe(1);
  expect(await clusters(lab)).toBe(1);
});

test("an end is told until it has arrived", async () => {
  const { lab, worker } = await world();
  worker.tasks = [taskOf({ kind: "check", config: siteOf(lab) })];
  worker.fault("tasks", "cut", 2);
  const agent = startTasks(worker, lab);
  agent.beat();
  await expect.poll(() => worker.tasks, POLL).toEqual([]);
  expect([worker.requests.length, worker.taskReports.length]).toEqual([3, 1]);
});

test("an O-Cloud that keeps refusing ends the task, one that does not answer only delays it", async () => {
  const { lab, worker } = await world();
  await setFaults(lab, "edge1", { o2ims: "fail" });
  worker.tasks = [taskOf({ kind: "provision", request: REQUEST })];
  const agent = startTasks(worker, lab);
  agent.beat();
  await expect.poll(() => agent.ended.times, POLL).toBe(1);
  expect(worker.taskReports.map(({ state }) => state)).toEqual(["open", "failed"]);
  expect(worker.taskReports.at(-1)?.message).toMatch(/O2 IMS of edge1 answered 503/);

  await setFaults(lab, "edge1", { unreachable: true });
  worker.tasks = [taskOf({ kind: "provision", request: REQUEST })];
  agent.beat();
  await expect.poll(() => worker.taskReports.at(-1)?.message, POLL).toMatch(/cannot be reached/);
  await setFaults(lab, "edge1", {});
  await expect.poll(() => agent.ended.times, POLL).toBe(2);
  expect(worker.taskReports.at(-1)).toMatchObject({ state: "succeeded", phase: "fulfilled" });
});

test("a task that is not handed out any more is stopped", async () => {
  const { lab, worker } = await world();
  await setFaults(lab, "edge1", { unreachable: true });
  worker.tasks = [taskOf({ kind: "provision", request: REQUEST })];
  const agent = startTasks(worker, lab);
  agent.beat();
  await expect.poll(() => worker.taskReports.length, POLL).toBe(1);
  worker.tasks = [];
  agent.beat();
  await setFaults(lab, "edge1", {});
  await agent.end();
  expect([agent.ended.times, await clusters(lab)]).toEqual([0, 0]);
});
