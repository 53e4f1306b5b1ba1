// How an intent comes into being: from a text, or from a command in data. A question about the state of things is answered at once.
import { sql } from "drizzle-orm";
import { intents } from "../../drizzle/schema.ts";
import { mayAskForStatus } from "../../intent/status.ts";
import { understand } from "../../intent/understand.ts";
import type { CreateIntentRequest, IntentAccepted } from "../../protocol/api.ts";
import type { IntentCommand, StatusAnswer, Understanding } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { enqueuePrepare } from "./enqueue.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import { type IntentRow, noteSites } from "./intent-draft.ts";
import { knownSites, resolveSites } from "./sites.ts";
import { liveSlices } from "./slices.ts";
import { answerStatus } from "./status.ts";
import { traceparentFor } from "./trace.ts";
import { createUnit, GuardFailed, type Unit } from "./unit.ts";

const QUEUE_RETRY_SECONDS = 5; // a full queue drains by some intents a second

export interface Caller {
  name: string;
  idempotency: IdempotencyKey | null;
}

/** What every request says about how it is to be carried out. */
export type Execution = Pick<CreateIntentRequest, "policy" | "approval" | "priority" | "rollout" | "preempt" | "dryRun">;

export const AS_USUAL: Execution = { policy: "all-or-revert", approval: "auto", priority: 5, preempt: false, dryRun: false };

/** Stores the intent and queues its preparation. 422 UNKNOWN_SITE, 429 QUEUE_FULL; nothing is stored then. */
export async function createIntent(deps: Deps, caller: Caller, input: CreateIntentRequest): Promise<Answer<IntentAccepted>> {
  return once(deps, caller.idempotency, async (remember) => {
    const targetSites = await resolveSites(deps, input.targetSites, "targetSites");
    const { text, context, ...execution } = input;
    const row = await newRow(deps, { by: caller.name, text, context, targetSites, execution, command: null });
    const question = mayAskForStatus(text) ? await answered(deps, row) : null;
    return store(deps, { row: question === null ? row : { ...row, ...question }, remember });
  });
}

export interface CommandIntent {
  by: string;
  idempotency: IdempotencyKey | null;
  command: IntentCommand;
  text: string; // what the command says in words, for people
  execution: Execution;
}

/** The same for an action that came as data: sites of the command are resolved ids. */
export async function createCommandIntent(deps: Deps, input: CommandIntent): Promise<Answer<IntentAccepted>> {
  return once(deps, input.idempotency, async (remember) => {
    const { by, text, execution, command } = input;
    const row = await newRow(deps, { by, text, context: {}, targetSites: command.sites, execution, command });
    return store(deps, { row, remember });
  });
}

interface NewRow {
  by: string;
  text: string;
  context: IntentRow["context"];
  targetSites: string[];
  execution: Execution;
  command: IntentCommand | null;
}

async function newRow(deps: Deps, { by, text, context, targetSites, execution, command }: NewRow): Promise<IntentRow> {
  const now = deps.now();
  const { rollout, policy, approval, priority, preempt, dryRun } = execution;
  const one = async (ref: string | undefined) => (ref === undefined ? [] : await resolveSites(deps, [ref], "rollout.canary"));
  const [canary] = await one(rollout?.canary);
  const waves =
    rollout?.waves === undefined ? undefined : await Promise.all(rollout.waves.map((refs) => resolveSites(deps, refs, "rollout.waves")));
  return {
    id: deps.newId("int", now),
    ...{ text, context, targetSites, policy, approval, priority, preempt, dryRun, command },
    rollout:
      rollout === undefined
        ? null
        : { bakeSeconds: rollout.bakeSeconds, ...(canary === undefined ? {} : { canary }), ...(waves === undefined ? {} : { waves }) },
    status: "received",
    stage: "input_received",
    action: command === null ? null : command.action === "rerender" ? "scale" : command.action,
    slice: command?.slice ?? null,
    approvalReasons: [],
    answer: null,
    traceparent: traceparentFor(deps),
    serviceType: null,
    sites: targetSites,
    answers: null,
    corrected: null,
    understanding: null,
    formal: null,
    plan: null,
    diff: null,
    digest: null,
    failure: null,
    effects: [],
    deploymentId: null,
    createdBy: by,
    shapedBy: [],
    createdAt: now,
    updatedAt: now,
  };
}

/** The row of a question with its answer; null when the text turns out to be none. */
async function answered(deps: Deps, row: IntentRow): Promise<{ understanding: Understanding; answer: StatusAnswer } | null> {
  const { id: intentId, text, context, targetSites } = row;
  const [sites, live] = await Promise.all([knownSites(deps), liveSlices(deps)]);
  const slices = live.map((slice) => slice.slice);
  const understanding = understand({ intentId, text, context, targetSites, answers: null, sites, slices, now: new Date(deps.now()) });
  if (understanding.status !== "success" || understanding.intent.action !== "status") return null;
  return { understanding, answer: await answerStatus(deps, understanding) };
}

async function store(
  deps: Deps,
  { row, remember }: { row: IntentRow; remember: (unit: Unit, answer: Answer<IntentAccepted>) => void },
): Promise<Answer<IntentAccepted>> {
  const unit = createUnit(deps);
  const { id: intentId, understanding, answer } = row;
  const received = { text: row.text, targetSites: row.targetSites, by: row.createdBy, dryRun: row.dryRun };
  if (understanding === null || answer === null) {
    unit.guard(sql`(select count(*) from jobs where finished_at is null and state = 'queued') < ${deps.queueLimit}`);
    unit.add(deps.db.insert(intents).values(row));
    noteSites(unit, deps, row);
    unit.event({ type: "intent.received", data: received, intentId });
    enqueuePrepare(unit, deps, row);
  } else {
    const { targetSites: sites, action } = understanding.intent;
    unit.add(deps.db.insert(intents).values({ ...row, status: "completed", stage: "completed", action, sites }));
    noteSites(unit, deps, { id: intentId, sites });
    unit.event({ type: "intent.received", data: received, intentId });
    unit.event({ type: "intent.parsing", data: {}, intentId });
    unit.event({ type: "intent.parsed", data: { understanding }, intentId });
    unit.event({ type: "intent.completed", data: { deploymentId: null, note: answer.text, answer }, intentId });
  }
  const status = answer === null ? row.status : "completed";
  const result = { status: 202, body: { intentId, status } };
  remember(unit, result);
  await unit.commit().catch((error: unknown) => {
    if (!(error instanceof GuardFailed)) throw error;
    throw new AppError("QUEUE_FULL", `${deps.queueLimit} intents are waiting already`, { retryAfterSeconds: QUEUE_RETRY_SECONDS });
  });
  return result;
}
