// When each stage and each site of one intent went on, as bars on one axis of time. Pure; instants in ms since the epoch.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment, DeploymentSite } from "../../protocol/deployment.ts";
import type { MonitorStage } from "../../protocol/event.ts";
import { inOrder } from "./natural.ts";
import { isSettled, pipelineView, TAKES_TIME, WAY } from "./pipeline.ts";
import { SITE_STATE_TONES, type Tone } from "./tones.ts";

export interface Bar {
  from: number;
  to: number | null; // null: it goes on; equal to `from`: an instant
  tone: Tone;
}

export interface TimelineRow {
  id: string;
  stage: MonitorStage | null; // null: the row of a site
  site: string | null;
  wave: number | null; // from 0; null when all sites go at once
  bars: readonly Bar[];
}

export interface Timeline {
  from: number;
  to: number | null; // null: something goes on
  rows: readonly TimelineRow[];
}

interface Step {
  stage: MonitorStage;
  at: number;
  site: string | null;
}

const PER_SITE: readonly MonitorStage[] = ["edge_deploying", "edge_deployed"];
const OUTCOMES: readonly MonitorStage[] = ["completed", "failed", "rollback"];

export function timelineOf(record: IntentRecord, deployment: Deployment | null): Timeline {
  const steps = record.stages.map((step) => ({ ...step, at: Date.parse(step.at) })).sort((a, b) => a.at - b.at);
  const end = isSettled(record) && deployment?.status !== "reverting" ? Date.parse(record.updatedAt) : null;
  const sites = siteRows(steps, record, { deployment, end });
  const stages = stageRows(steps, record, { deployment, end });
  const under = stages.findIndex((row) => row.id === "edge_deploying"); // where the sites branch off; last where none of it was reached
  const rows = under < 0 ? [...stages, ...sites] : [...stages.slice(0, under + 1), ...sites, ...stages.slice(under + 1)];
  const instants = rows.flatMap((row) => row.bars.flatMap((bar) => [bar.from, bar.to ?? bar.from]));
  const open = rows.some((row) => row.bars.some((bar) => bar.to === null));
  return { from: Date.parse(record.createdAt), to: open ? null : Math.max(Date.parse(record.createdAt), ...instants), rows };
}

interface Frame {
  deployment: Deployment | null;
  end: number | null; // when all was over; null while something goes on
}

function stageRows(steps: readonly Step[], record: IntentRecord, { deployment, end }: Frame): TimelineRow[] {
  const views = new Map(pipelineView(record, deployment).stages.map((view) => [view.stage, view.state]));
  return [...WAY, ...OUTCOMES].flatMap((stage) => {
    const own = stage === "rollback" || TAKES_TIME.has(stage) ? spans(steps, stage, end) : marks(steps, stage);
    if (own.length === 0) return [];
    const state = views.get(stage);
    const last: Tone = state === undefined || state === "skipped" ? (stage === "failed" ? "failed" : "done") : state;
    const tone = (index: number): Tone => (stage === "rollback" ? "rollback" : index === own.length - 1 ? last : "done");
    const bars = own.map((bar, index) => ({ ...bar, tone: tone(index) }));
    return [{ id: stage, stage, site: null, wave: null, bars }];
  });
}

type Span = Omit<Bar, "tone">;

/** Of sites that arrive one after the other, the last: each has a row of its own. */
function marks(steps: readonly Step[], stage: MonitorStage): Span[] {
  const found = steps.filter((step, index) => {
    const next = PER_SITE.includes(stage)
      ? steps.slice(index + 1).find((later) => later.stage === stage || !PER_SITE.includes(later.stage))
      : undefined;
    return step.stage === stage && next?.stage !== stage;
  });
  return found.map(({ at }) => ({ from: at, to: at }));
}

/** From each entry to whatever came next. What sites do at their own pace ends no other stage, and is one bar per wave. */
function spans(steps: readonly Step[], stage: MonitorStage, end: number | null): Span[] {
  const edge = PER_SITE.includes(stage);
  const found: Span[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.stage !== stage || found.at(-1)?.to === null || (found.at(-1)?.to ?? Number.NEGATIVE_INFINITY) > step.at) continue;
    const next = steps.slice(index + 1).find((later) => (edge ? !PER_SITE.includes(later.stage) : later.stage !== stage));
    const over = next?.at ?? end;
    found.push({ from: step.at, to: over === null ? null : Math.max(step.at, over) }); // clocks differ
  }
  return found;
}

function siteRows(steps: readonly Step[], record: IntentRecord, { deployment, end }: Frame): TimelineRow[] {
  const rollback = steps.filter((step) => step.stage === "rollback").at(-1);
  const waves = wavesOf(record);
  const wave = ({ site }: DeploymentSite) => waves?.get(site) ?? 0;
  const sites = inOrder(deployment?.sites ?? []).sort((a, b) => wave(a) - wave(b));
  return sites.map((site) => {
    const bars = siteBars(steps, site, end);
    const taken = Date.parse(site.updatedAt);
    if (rollback !== undefined && site.state === "reverted")
      bars.push({ from: Math.min(rollback.at, taken), to: Math.max(rollback.at, taken), tone: "rollback" });
    return { id: `site:${site.site}`, stage: null, site: site.site, wave: waves?.get(site.site) ?? null, bars };
  });
}

function siteBars(steps: readonly Step[], site: DeploymentSite, end: number | null): Bar[] {
  const bars: Bar[] = [];
  const updated = Date.parse(site.updatedAt);
  for (const { stage, at } of steps.filter((step) => step.site === site.site && PER_SITE.includes(step.stage))) {
    const open = bars.at(-1);
    if (open?.to === null) {
      if (stage === "edge_deployed") bars.splice(-1, 1, { ...open, to: at, tone: "done" });
    } else if (stage === "edge_deploying") bars.push({ from: at, to: null, tone: "active" });
    else bars.push({ from: at, to: at, tone: "done" });
  }
  const last = bars.at(-1);
  if (last?.to === null) {
    const over = site.state === "failed" || site.state === "reverted" ? updated : end;
    const tone = site.state === "reverted" ? "failed" : SITE_STATE_TONES[site.state]; // it never got there
    bars.splice(-1, 1, { from: last.from, to: over === null ? null : Math.max(last.from, over), tone });
  } else if (site.state === "failed" && last !== undefined) bars.push({ from: last.to, to: Math.max(last.to, updated), tone: "failed" });
  return bars;
}

/** Which wave each site belongs to; null when there is only one. */
export function wavesOf({ plan }: Pick<IntentRecord, "plan">): ReadonlyMap<string, number> | null {
  if (plan === null || plan.waves.length < 2) return null;
  return new Map(plan.waves.flatMap((sites, wave) => sites.map((site) => [site, wave] as const)));
}

const STEPS_MS = [
  100, 250, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000,
  21_600_000, 86_400_000,
];

export interface Axis {
  from: number;
  to: number;
  step: number;
  ticks: readonly number[];
}

/** An axis that holds the whole, ends at a tick, and so stays the same for a while as time goes on. `most` ticks at most, besides the first. */
export function axisOf(from: number, to: number, most: number): Axis {
  const length = Math.max(1, to - from);
  const step = STEPS_MS.find((one) => length / one <= most) ?? Math.ceil(length / most / 86_400_000) * 86_400_000;
  const count = Math.ceil(length / step);
  return { from, to: from + count * step, step, ticks: Array.from({ length: count + 1 }, (_none, index) => from + index * step) };
}
