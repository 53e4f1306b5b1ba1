// One intent: its sentence, its way, what it waits for, and the commands that make sense now.
import { useState } from "react";
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment, DeploymentSiteState } from "../../protocol/deployment.ts";
import type { Site } from "../../protocol/site.ts";
import type { Api } from "../api.ts";
import { shortCommit } from "../state/format.ts";
import { isSettled, type PipelineView, pipelineView } from "../state/pipeline.ts";
import { Badge, CopyButton, ProblemNotice, Time } from "./bits.tsx";
import { ClarifyForm } from "./clarify-form.tsx";
import { DiffView } from "./diff-view.tsx";
import { ApprovalPanel, DecisionPanel } from "./person-panels.tsx";
import { SloTable } from "./slo-table.tsx";
import { StageChain } from "./stage-chain.tsx";
import { UnderstoodPanel } from "./understood-panel.tsx";
import { useCommand } from "./use-command.ts";

export type IntentCommands = Pick<Api, "answer" | "approve" | "reject" | "decide" | "cancel" | "correct">;

export interface PipelineCardProps {
  record: IntentRecord;
  deployment: Deployment | null;
  sites: readonly Site[];
  first: boolean;
  mayOperate: boolean;
  commands: IntentCommands;
  onRollback(deployment: Deployment): void;
}

export function PipelineCard(props: PipelineCardProps) {
  const { record, deployment, first, mayOperate, commands } = props;
  const view = pipelineView(record, deployment);
  const settled = isSettled(record);
  const [choice, setChoice] = useState<boolean | null>(null);
  const [ranHere] = useState(!settled); // what one has watched does not fold itself away when it ends
  const open = choice ?? (first || ranHere || !settled);
  const cancel = useCommand();
  return (
    <article
      className="card pipeline"
      data-testid="pipeline"
      data-intent-id={record.intentId}
      data-status={record.status}
      data-tone={view.status.tone}
    >
      <header>
        <Badge label={view.status} />
        <h3>{record.text}</h3>
        <span className="faint meta">
          <Time at={record.createdAt} /> by {record.createdBy}
        </span>
        {view.commands.cancel && (
          <button
            type="button"
            data-testid="cancel"
            disabled={!mayOperate || cancel.pending}
            onClick={() => cancel.run(() => commands.cancel(record.intentId))}
          >
            {cancel.pending ? "Cancelling…" : "Cancel"}
          </button>
        )}
        {view.commands.rollback && deployment !== null && (
          <button type="button" disabled={!mayOperate} onClick={() => props.onRollback(deployment)}>
            Roll back…
          </button>
        )}
        <button type="button" className="quiet" aria-expanded={open} onClick={() => setChoice(!open)}>
          {open ? "Less" : "More"}
        </button>
      </header>
      {cancel.error !== undefined && <ProblemNotice problem={cancel.error} />}
      {open && <Body {...props} view={view} />}
    </article>
  );
}

function Body({ record, deployment, sites, mayOperate, commands, view }: PipelineCardProps & { view: PipelineView }) {
  const id = record.intentId;
  const warnings = record.understanding?.warnings ?? [];
  return (
    <>
      <StageChain view={view} createdAt={record.createdAt} />
      {view.waiting !== null && (
        <p className="notice" data-tone="wait" data-testid="waiting">
          {view.waiting}
        </p>
      )}
      {record.answer !== null && (
        <p className="notice" data-tone="done" data-testid="answer">
          {record.answer.text}
        </p>
      )}
      {view.commands.answer && (
        <ClarifyForm
          clarifications={record.understanding?.clarifications ?? []}
          sites={sites}
          disabled={!mayOperate}
          onAnswer={(answers) => commands.answer(id, answers)}
        />
      )}
      {view.commands.approve && <ApprovalPanel record={record} mayOperate={mayOperate} commands={commands} />}
      {view.broken && record.failure !== null && (
        <div className="notice" data-tone={record.status === "needs_decision" ? "wait" : "failed"} data-testid="failure">
          <p>
            <strong>{record.failure.reason.replaceAll("_", " ")}</strong>
            {record.failure.site === undefined ? "" : ` at ${record.failure.site}`}: {record.failure.message}
          </p>
          <TextList items={record.failure.details ?? []} />
        </div>
      )}
      {view.commands.decide && <DecisionPanel id={id} mayOperate={mayOperate} commands={commands} />}
      {record.status === "cancelled" && <Effects effects={record.effects} offered={view.commands.rollback} />}
      <TextList items={warnings} />
      <UnderstoodPanel record={record} sites={sites} mayOperate={mayOperate} onCorrect={commands.correct} />
      <Facts record={record} deployment={deployment} />
      {deployment !== null && deployment.evidence.length > 0 && <SloTable evidence={deployment.evidence} />}
      {deployment !== null && <SiteMessages deployment={deployment} />}
      {record.dryRun && record.diff !== null && <DiffView files={record.diff} />}
    </>
  );
}

function Facts({ record, deployment }: { record: IntentRecord; deployment: Deployment | null }) {
  return (
    <dl className="facts">
      <Fact name="Intent">
        <CopyButton value={record.intentId} shown={record.intentId} what="the intent id" />
      </Fact>
      {record.plan !== null && (
        <Fact name="Slice">
          {record.plan.slice} <span className="faint">{record.plan.serviceType}</span>
        </Fact>
      )}
      {deployment?.commit != null && (
        <Fact name="Commit">
          <CopyButton value={deployment.commit} shown={shortCommit(deployment.commit)} what="the commit" />
        </Fact>
      )}
      {deployment?.revertCommit !== undefined && (
        <Fact name="Revert">
          <CopyButton value={deployment.revertCommit} shown={shortCommit(deployment.revertCommit)} what="the revert commit" />
        </Fact>
      )}
      {record.plan !== null && record.plan.action !== "deploy" && <Fact name="Action">{record.plan.action}</Fact>}
      {record.plan !== null && record.plan.waves.length > 1 && (
        <Fact name="Waves">{record.plan.waves.map((wave) => wave.join(", ")).join(" → ")}</Fact>
      )}
      {deployment?.approvedBy != null && <Fact name="Approved by">{deployment.approvedBy}</Fact>}
      {record.policy !== "all-or-revert" && <Fact name="If a site fails">{record.policy}</Fact>}
      {record.dryRun && <Fact name="Mode">dry run, nothing is changed</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What a site says for itself while it is on the way, and when it failed. */
function SiteMessages({ deployment }: { deployment: Deployment }) {
  const well: readonly DeploymentSiteState[] = ["provisioned", "verified", "reverted"];
  const speaking = deployment.sites.filter((site) => site.message !== "" && !well.includes(site.state));
  return <TextList items={speaking.map((site) => `${site.site}: ${site.message}`)} />;
}

function Effects({ effects, offered }: { effects: readonly string[]; offered: boolean }) {
  if (effects.length === 0) return <p className="faint">Cancelled before anything was changed.</p>;
  return (
    <div className="notice" data-tone="wait" data-testid="effects">
      <p>Cancelled after it had already done this{offered ? "; Roll back takes it back" : ""}:</p>
      <TextList items={effects} />
    </div>
  );
}

function TextList({ items }: { items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <ul className="texts">
      {items.map((item, index) => (
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}
