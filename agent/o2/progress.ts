// An intent's way as its events tell it: steps with times, and the sites. Pure; how it looks is progress-view.ts.
import type { DeploymentSiteState } from "../../protocol/deployment.ts";
import { type DurableEvent, type EventData, type EventType, eventData } from "../../protocol/event.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { StageFailure, StageName } from "../../protocol/stage.ts";

export const STEPS = ["understand", "render", "approve", "push", "sites", "verify", "rollback"] as const;
export type StepName = (typeof STEPS)[number];

export type StepState = "running" | "done" | "failed" | "person";

export interface Step {
  state: StepState;
  startedAt: number; // ms, the server's clock
  endedAt: number | null;
  note: string;
}

export interface SiteLeaf {
  state: DeploymentSiteState;
  message: string;
  since: number;
}

export interface Progress {
  text: string;
  startedAt: number | null;
  endedAt: number | null;
  steps: Map<StepName, Step>;
  sites: Map<string, SiteLeaf>;
  ending: string; // why it ended, in words; empty while it runs or when there is nothing to say
}

export function noProgress(): Progress {
  return { text: "", startedAt: null, endedAt: null, steps: new Map(), sites: new Map(), ending: "" };
}

const STEP_OF_STAGE: Record<StageName, StepName> = {
  parse: "understand",
  plan: "render",
  render: "render",
  push: "push",
  sync: "sites",
  verify: "verify",
  rollback: "rollback",
};

/** The next state; the given one stays as it was. Events come in the order of their seq. */
export function advance(before: Progress, event: DurableEvent): Progress {
  const next: Progress = { ...before, steps: new Map(before.steps), sites: new Map(before.sites) };
  apply(event.type, createTrack(next, Date.parse(event.at)), event);
  return next;
}

interface Track {
  next: Progress;
  at: number;
  start(name: StepName, note?: string, state?: StepState): void;
  end(name: StepName, state: StepState, note?: string): void;
  over(state: StepState, ending: string): void;
  broke(failure: StageFailure, state: StepState): void;
}

function createTrack(next: Progress, at: number): Track {
  const track: Track = {
    next,
    at,
    start(name, note = "", state = "running") {
      const open = next.steps.get(name);
      const startedAt = open !== undefined && open.endedAt === null ? open.startedAt : at;
      next.steps.set(name, { state, startedAt, endedAt: null, note: note === "" ? (open?.note ?? "") : note });
      next.endedAt = null;
      next.ending = "";
    },
    end(name, state, note) {
      const open = next.steps.get(name);
      next.steps.set(name, { state, startedAt: open?.startedAt ?? at, endedAt: at, note: note ?? open?.note ?? "" });
    },
    over(state, ending) {
      for (const [name, step] of next.steps) if (step.endedAt === null) track.end(name, state);
      next.endedAt = at;
      next.ending = ending;
    },
    broke(failure, state) {
      track.end(STEP_OF_STAGE[failure.stage], state, failure.message);
      track.over(state, failure.message);
    },
  };
  return track;
}

type Handlers = { [T in EventType]?: (track: Track, data: EventData<T>, site: string | null) => void };

function apply<T extends EventType>(type: T, track: Track, event: DurableEvent): void {
  const handler: Handlers[T] = HANDLERS[type];
  const data = eventData(event, type);
  if (data !== undefined) handler?.(track, data, event.site);
}

const HANDLERS: Handlers = {
  "intent.received": ({ next, at }, { text }) => {
    next.text = text;
    next.startedAt = at;
  },
  "intent.parsing": ({ start }) => start("understand"),
  "intent.parsed": ({ end }, { understanding }) => end("understand", "done", understood(understanding)),
  "intent.clarification_needed": ({ start }, data) =>
    start("understand", data.clarifications.map(({ question }) => question).join(" "), "person"),
  "krm.generating": ({ start, end, next }, { plan }) => {
    if (next.steps.get("understand")?.endedAt === null) end("understand", "done"); // a command in data is never parsed
    start("render", `${plan.slice} at ${plan.sites.join(", ")}`);
  },
  "krm.generated": ({ end, next }, { diff }) => {
    const planned = next.steps.get("render")?.note ?? "";
    const changes = diff.length === 1 ? "1 file changes" : `${diff.length} files change`;
    end("render", "done", [planned, changes].filter((part) => part !== "").join(", "));
  },
  "approval.requested": ({ start }, { reasons }) => start("approve", reasons.join("; "), "person"),
  "approval.decided": ({ end }, { decision, by }) => end("approve", decision === "rejected" ? "failed" : "done", `${decision} by ${by}`),
  "gitops.pushing": ({ start }, { sites }) => start("push", sites.join(", ")),
  "gitops.pushed": ({ end }, { commit, branch, sites }) =>
    end("push", "done", `${commit.slice(0, 8)} on ${branch} for ${sites.join(", ")}`),
  "edge.deploying": atSite,
  "edge.deployed": atSite,
  "edge.failed": (track, data, site) => {
    atSite(track, data, site);
    track.end("sites", "failed");
  },
  "slo.validating": ({ next, start, end }) => {
    if (next.steps.get("sites")?.state === "running") end("sites", "done");
    start("verify");
  },
  "slo.validated": ({ next, end }, { verdict, evidence }) => {
    const passed = evidence.filter((entry) => entry.verdict === "pass").length;
    end(
      "verify",
      verdict === "pass" ? "done" : verdict === "fail" ? "failed" : "person",
      `${passed} of ${evidence.length} objectives held`,
    );
    for (const { site } of verdict === "pass" ? evidence : []) {
      const leaf = next.sites.get(site);
      if (leaf?.state === "provisioned") next.sites.set(site, { ...leaf, state: "verified" });
    }
  },
  "decision.requested": ({ broke }, { failure }) => broke(failure, "person"),
  "rollback.initiated": ({ start }, { reason }) => start("rollback", reason),
  "rollback.completed": ({ next, at, end }, { sites }) => {
    end("rollback", "done", sites.join(", "));
    for (const site of sites) next.sites.set(site, { state: "reverted", message: "", since: at });
  },
  "rollback.failed": ({ broke }, { failure }) => broke(failure, "failed"),
  "intent.failed": ({ broke }, { failure }) => broke(failure, "failed"),
  "intent.rejected": ({ broke }, { failure }) => broke(failure, "failed"),
  "intent.completed": ({ over }, { answer, note }) => over("done", answer?.text ?? note),
  "intent.cancelled": ({ over }, { by }) => over("failed", `cancelled by ${by}`),
  "intent.rolled_back": ({ over }, { reason }) => over("done", reason),
};

function atSite({ next, at, start }: Track, { state, message }: EventData<"edge.deploying">, site: string | null): void {
  if (site === null) return;
  // Once it failed, or is taken back, later words of the sites do not start the step again.
  if (state !== "reverted" && state !== "failed" && next.steps.get("sites")?.state !== "failed") start("sites");
  const known = next.sites.get(site);
  next.sites.set(site, { state, message, since: known?.state === state ? known.since : at });
}

function understood({ intent }: Understanding): string {
  return [intent.action, intent.intentType ?? "", intent.slice ?? "", intent.targetSites.join(", ")]
    .filter((part) => part !== "")
    .join(" · ");
}
