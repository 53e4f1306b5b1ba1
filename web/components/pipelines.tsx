// The intents as cards: what is going on first, then what is over. A handful at a time.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { Site } from "../../protocol/site.ts";
import { type IntentCommands, PipelineCard } from "./pipeline-card.tsx";

export interface PipelinesProps {
  intents: readonly IntentRecord[];
  shown: number;
  deploymentOf(record: IntentRecord): Deployment | null;
  sites: readonly Site[];
  mayOperate: boolean;
  commands: IntentCommands;
  onRollback(deployment: Deployment): void;
  onMore(): void;
}

export function Pipelines(props: PipelinesProps) {
  const { intents, shown } = props;
  return (
    <section aria-labelledby="pipelines-title" className="pipelines">
      <h2 id="pipelines-title">Pipeline</h2>
      {intents.length === 0 && (
        <p className="card faint" data-testid="no-intents">
          No intent yet. Write a sentence above or take a template, then watch each stage here.
        </p>
      )}
      {intents.slice(0, shown).map((record, index) => (
        <PipelineCard
          key={record.intentId}
          record={record}
          deployment={props.deploymentOf(record)}
          sites={props.sites}
          first={index === 0}
          mayOperate={props.mayOperate}
          commands={props.commands}
          onRollback={props.onRollback}
        />
      ))}
      {intents.length > shown && (
        <button type="button" onClick={props.onMore}>
          Show more ({intents.length - shown})
        </button>
      )}
    </section>
  );
}
