// Work about a site itself: trying its addresses, making or removing its cluster. A task is handed out with every heartbeat until it has
// ended, so nothing is kept on disk: after a restart it is simply done again, and its id keeps the effect from happening twice.
import type { SiteTask, SiteTaskReport } from "../../protocol/site.ts";
import type { Log } from "../log.ts";
import type { EdgeFailure, EdgePort, ProvisioningReport } from "../ports.ts";
import { type Backoff, backoffMs, classify, pause } from "../retry.ts";
import type { WorkerClient } from "../worker-client.ts";

const POLL_MS = 3_000; // a cluster takes minutes to hours
const REFUSALS = 3; // in a row: an O-Cloud that says no will not say yes, but a restarting one may say 503 once or twice
const BACKOFF = { baseMs: 250, capMs: 5_000 };
const MAX_MESSAGE = 500;

export interface SiteTasksDeps {
  client: Pick<WorkerClient, "tasks">;
  instanceId: string;
  edge: EdgePort;
  log: Log;
  onEnded: () => void; // the control centre may have more to say after it
  pollMs?: number;
  backoff?: Backoff;
}

export interface SiteTasks {
  /** All that is open for this agent. What is not among them any more is stopped. */
  take(tasks: readonly SiteTask[]): void;
  run(signal: AbortSignal): Promise<void>;
}

type News = Omit<SiteTaskReport, "taskId">;

export function createSiteTasks(deps: SiteTasksDeps): SiteTasks {
  const works = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();
  let open = false;

  function start(task: SiteTask): void {
    const controller = new AbortController();
    works.set(task.taskId, controller);
    const work = perform(deps, task, controller.signal)
      .catch((cause: unknown) => deps.log.error({ err: cause, taskId: task.taskId }, "work about a site failed"))
      .finally(() => running.delete(work));
    running.add(work);
  }

  return {
    take(tasks) {
      if (!open) return;
      const now = new Set(tasks.map((task) => task.taskId));
      for (const [taskId, controller] of works) {
        if (now.has(taskId)) continue;
        controller.abort();
        works.delete(taskId);
      }
      for (const task of tasks) if (!works.has(task.taskId)) start(task);
    },
    async run(signal) {
      open = !signal.aborted;
      if (open) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      open = false;
      for (const controller of works.values()) controller.abort();
      await Promise.all(running);
    },
  };
}

/** Ends when the control centre knows the end, or the signal fires. */
async function perform(deps: SiteTasksDeps, task: SiteTask, signal: AbortSignal): Promise<void> {
  const { input } = task;
  const tell = reporter(deps, task, signal);
  if (input.kind === "check") {
    const checks = await deps.edge.probe(input.config).check(signal);
    const wrong = checks.filter((check) => !check.ok);
    const message =
      wrong.length === 0 ? "every address and credential works" : wrong.map((check) => `${check.name}: ${check.message}`).join("; ");
    if (!signal.aborted) await tell({ state: wrong.length === 0 ? "succeeded" : "failed", message, checks });
    return;
  }
  let refusals = 0;
  for (let seen = false; !signal.aborted; ) {
    const step: Step =
      input.kind === "provision" ? await provisionStep(deps, task, { seen, signal }) : await deprovisionStep(deps, task, signal);
    if (signal.aborted) return;
    seen ||= "news" in step;
    refusals = "news" in step || !isRefusal(step.trouble) ? 0 : refusals + 1;
    const news: News =
      "news" in step ? step.news : { state: refusals >= REFUSALS ? "failed" : "open", message: step.trouble.message.slice(0, MAX_MESSAGE) };
    await tell(news);
    if (news.state !== "open") return;
    await pause(deps.pollMs ?? POLL_MS, signal);
  }
}

function isRefusal({ kind }: EdgeFailure): boolean {
  return kind === "refused" || kind === "invalid";
}

type Step = { news: News } | { trouble: EdgeFailure };

const ENDS: Partial<Record<ProvisioningReport["phase"], News["state"]>> = { fulfilled: "succeeded", failed: "failed" };

async function provisionStep(deps: SiteTasksDeps, task: SiteTask, at: { seen: boolean; signal: AbortSignal }): Promise<Step> {
  const site = deps.edge.site(task.site);
  if (site === undefined || task.input.kind !== "provision") return notServed(task);
  const { request } = task.input;
  const there = await site.provisioning(request.provisioningRequestId, at.signal);
  if (!there.ok) return { trouble: there.error };
  if (there.value === null && at.seen)
    return { news: { state: "failed", message: "the request is gone from the O-Cloud", phase: "deleted" } };
  const report = there.value === null ? await site.provision(request, at.signal) : { ok: true as const, value: there.value };
  if (!report.ok) return { trouble: report.error };
  const { phase, message, nodeClusterId } = report.value;
  return { news: { state: ENDS[phase] ?? "open", message: message || phase, phase, nodeClusterId } };
}

async function deprovisionStep(deps: SiteTasksDeps, task: SiteTask, signal: AbortSignal): Promise<Step> {
  const site = deps.edge.site(task.site);
  if (site === undefined || task.input.kind !== "deprovision") return notServed(task);
  const { provisioningRequestId } = task.input;
  const there = await site.provisioning(provisioningRequestId, signal);
  if (!there.ok) return { trouble: there.error };
  if (there.value === null) return { news: { state: "succeeded", message: "the cluster is gone", phase: "deleted" } };
  if (there.value.phase !== "deleting") {
    const asked = await site.deprovision(provisioningRequestId, signal);
    if (!asked.ok) return { trouble: asked.error };
  }
  return { news: { state: "open", message: there.value.message || "deleting", phase: "deleting" } };
}

function notServed(task: SiteTask): Step {
  return { trouble: { kind: "invalid", message: `this agent does not serve ${task.site}` } };
}

/** Says what is new; an end is said until it has arrived. */
function reporter(deps: SiteTasksDeps, { taskId }: SiteTask, signal: AbortSignal): (news: News) => Promise<void> {
  const backoff = deps.backoff ?? { ...BACKOFF, random: Math.random };
  let told = "";
  return async (news) => {
    const report: SiteTaskReport = { taskId, ...news, message: news.message.slice(0, MAX_MESSAGE) };
    if (JSON.stringify(report) === told) return;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const answer = await deps.client.tasks({ instanceId: deps.instanceId, reports: [report] }, { signal });
      if (answer.ok) {
        told = JSON.stringify(report);
        if (news.state !== "open") deps.onEnded();
        return;
      }
      const { class: kind, why } = classify(answer.error);
      if (failures === 0) deps.log.warn({ taskId, error: answer.error.message }, `a site task could not be reported: ${why}`);
      if (news.state === "open" || kind === "bug" || kind === "fatal") return; // said again with the next news, or by others
      await pause(backoffMs(failures, backoff), signal);
    }
  };
}
