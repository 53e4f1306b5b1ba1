// A site's cluster through O2 IMS: asked for, and taken away again. What the O-Cloud says of it comes with the reports of the task.
import { and, desc, eq, sql } from "drizzle-orm";
import { siteTasks } from "../../drizzle/schema.ts";
import type { SiteTaskInput } from "../../protocol/site.ts";
import type { ClusterRequest, SiteTaskAccepted } from "../../protocol/site-api.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { onlineAgent } from "./agents.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import { type Command, commitOrConflict, refuseInUse } from "./site-commands.ts";
import { openTask, type SiteTaskRow, taskView } from "./site-tasks.ts";
import { findSite, type SiteRow } from "./sites.ts";
import { createUnit, type Unit } from "./unit.ts";
import { uuidV5 } from "./uuid.ts";

const NAMESPACE = "6d0c1f0e-5b7a-4f43-9a54-2f1d6b7c9e10"; // ours, for ProvisioningRequests; made once, never to be changed
const MAX_REQUESTS = 100; // of one site that are looked at when its cluster goes

/** Creates or resizes: a ProvisioningRequest whose id follows from the task, so that it is made once however often it is sent. */
export async function requestCluster(
  deps: Deps,
  { by, idempotency, input, ref }: Command<ClusterRequest> & { ref: string },
): Promise<Answer<SiteTaskAccepted>> {
  return once(deps, idempotency, async (remember) => {
    const row = await findSite(deps, ref);
    const taskId = deps.newId("tsk", deps.now());
    const provisioningRequestId = await uuidV5(NAMESPACE, taskId);
    const request = { provisioningRequestId, name: row.id, description: `cluster of ${row.id}, task ${taskId}`, ...input };
    const unit = createUnit(deps);
    await openClusterTask(unit, deps, { row, by, tasks: [{ taskId, input: { kind: "provision", request } }] });
    return accept(unit, { row, taskId, remember });
  });
}

interface Removal {
  ref: string;
  by: string;
  idempotency: IdempotencyKey | null;
}

/** Takes away every ProvisioningRequest that was made for the site and is not gone yet; a resize leaves more than one. */
export async function removeCluster(deps: Deps, { ref, by, idempotency }: Removal): Promise<Answer<SiteTaskAccepted>> {
  return once(deps, idempotency, async (remember) => {
    const row = await findSite(deps, ref);
    await refuseInUse(deps, row.id);
    const ids = await standingRequests(deps, row.id);
    const tasks = ids.map((provisioningRequestId, index) => ({
      taskId: deps.newId("tsk", deps.now() + index),
      input: { kind: "deprovision" as const, provisioningRequestId },
    }));
    const taskId = tasks.at(-1)?.taskId;
    if (taskId === undefined) throw new AppError("CONFLICT", `no cluster of ${row.id} was made through here`);
    const unit = createUnit(deps);
    unit.guard(sql`not exists (select 1 from slice_sites where site = ${row.id})`);
    await openClusterTask(unit, deps, { row, by, tasks });
    return accept(unit, { row, taskId, remember });
  });
}

/** Oldest first. One that failed may have left something behind, also one of which no phase was heard: its agent may have asked and died. */
async function standingRequests(deps: Deps, site: string): Promise<string[]> {
  const rows = await deps.db
    .select()
    .from(siteTasks)
    .where(and(eq(siteTasks.site, site), sql`${siteTasks.kind} <> 'check'`))
    .orderBy(desc(siteTasks.id))
    .limit(MAX_REQUESTS);
  const gone = new Set(
    rows.flatMap(({ input, state }) => (input.kind === "deprovision" && state === "succeeded" ? [input.provisioningRequestId] : [])),
  );
  return rows
    .flatMap(({ input }) => (input.kind === "provision" ? [input.request.provisioningRequestId] : []))
    .filter((id) => !gone.has(id))
    .reverse();
}

interface ClusterWork {
  row: SiteRow;
  by: string;
  tasks: { taskId: string; input: SiteTaskInput }[];
}

/** One at a time: what an O-Cloud makes of two is not ours to guess. */
async function openClusterTask(unit: Unit, deps: Deps, { row, by, tasks }: ClusterWork): Promise<void> {
  const busy = sql`select 1 from site_tasks where site = ${row.id} and state = 'open' and kind <> 'check'`;
  const [open] = await deps.db.all(busy);
  if (open !== undefined) throw new AppError("CONFLICT", `the cluster of ${row.id} is being changed already`);
  unit.guard(sql`not exists (${busy})`);
  const agentId = await onlineAgent(deps, row.agentId ?? undefined);
  const now = deps.now();
  for (const { taskId, input } of tasks) {
    openTask(unit, deps, { taskId, site: row.id, agentId, askedBy: by, input });
    const shown: SiteTaskRow = {
      ...{ id: taskId, site: row.id, kind: input.kind, input, state: "open", agentId, askedBy: by, checks: [] },
      ...{ message: "waiting for its agent", phase: null, nodeClusterId: null, deadline: now, createdAt: now, updatedAt: now },
    };
    const { status, message } = row;
    unit.event({ type: "site.updated", site: row.id, data: { status, message, change: "cluster", task: taskView(shown) } });
  }
}

interface Accepting {
  row: SiteRow;
  taskId: string;
  remember: (unit: Unit, answer: Answer<SiteTaskAccepted>) => void;
}

async function accept(unit: Unit, { row, taskId, remember }: Accepting): Promise<Answer<SiteTaskAccepted>> {
  const answer = { status: 202, body: { site: row.id, taskId } };
  remember(unit, answer);
  await commitOrConflict(unit, row.id);
  return answer;
}
