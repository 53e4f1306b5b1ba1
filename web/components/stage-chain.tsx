// The way of one intent as a chain: every stage with icon, word, colour and time, the sites as leaves after the push.
import type { DeploymentSite } from "../../protocol/deployment.ts";
import { duration, elapsed } from "../state/format.ts";
import { SITE_STATE_LABELS } from "../state/labels.ts";
import type { PipelineView, StageView } from "../state/pipeline.ts";
import { Icon } from "./icon.tsx";
import { useNow } from "./use-now.ts";

const TICK_MS = 200; // fast enough to see that it lives

export function StageChain({ view, createdAt }: { view: PipelineView; createdAt: string }) {
  const ticking = view.stages.some((stage) => stage.state === "active");
  const now = useNow(ticking ? TICK_MS : null);
  const last = view.stages.length - 1;
  return (
    <ol className="chain" aria-label="Stages">
      {view.stages.map((stage, index) => [
        <Stage key={stage.stage} stage={stage} time={index === last ? total(stage, createdAt) : timeOf(stage, now)} />,
        stage.stage === "gitops_pushed" && view.sites.length > 0 && (
          <li key="sites" className="leaves">
            <ul aria-label="Sites">
              {view.sites.map((site) => (
                <Leaf key={site.site} site={site} />
              ))}
            </ul>
          </li>
        ),
      ])}
    </ol>
  );
}

function Stage({ stage, time }: { stage: StageView; time: string }) {
  const current = stage.state === "active" ? ({ "aria-current": "step" } as const) : {};
  return (
    <li className="stage" data-testid="stage" data-stage={stage.stage} data-state={stage.state} {...current}>
      <span className="dot">
        <Icon name={stage.state} />
      </span>
      <span className="word">{stage.word}</span>
      <span className="visually-hidden">{stage.state}</span>
      <span className="time">{time}</span>
    </li>
  );
}

function timeOf(stage: StageView, now: number): string {
  const running = stage.state === "active";
  if (stage.startedAt === null || (stage.endedAt === null && !running)) return "";
  return duration(elapsed(stage.startedAt, stage.endedAt, now));
}

/** Of the outcome: from the sentence to the end. */
function total(stage: StageView, createdAt: string): string {
  return stage.endedAt === null ? "" : `in ${duration(elapsed(createdAt, stage.endedAt, 0))}`;
}

function Leaf({ site }: { site: DeploymentSite }) {
  const label = SITE_STATE_LABELS[site.state];
  return (
    <li className="leaf" data-testid="site-leaf" data-site={site.site} data-state={site.state} data-tone={label.tone} title={site.message}>
      <Icon name={label.tone} />
      <span className="leaf-name">{site.site}</span>
      <span className="leaf-state">{label.word}</span>
    </li>
  );
}
