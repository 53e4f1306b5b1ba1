// How a job speaks: facts into the outbox, durable before the work goes on, sent by the flush loop.
import type { DeploymentSiteState } from "../protocol/deployment.ts";
import { newId } from "../protocol/ids.ts";
import type { Lease } from "../protocol/job.ts";
import type { Fact, JobOutcome, StageOutput } from "../protocol/report.ts";
import type { StageName } from "../protocol/stage.ts";
import type { Outbox } from "./outbox.ts";

export interface JobReport {
  started(stage: StageName, about?: { sites: string[]; reason: string }): Promise<void>;
  completed(result: StageOutput): Promise<void>;
  site(news: { site: string; state: DeploymentSiteState; commit: string | null; message: string }): Promise<void>;
  finished(outcome: JobOutcome): Promise<void>;
}

const MAX_MESSAGE = 2_000; // of the protocol; a site's own error text can be long

export function createJobReport(outbox: Pick<Outbox, "append">, lease: Lease, now: () => Date): JobReport {
  const say = (fact: Fact) => {
    const at = now();
    return outbox.append(lease, { id: newId("evt", at.getTime()), at: at.toISOString(), fact });
  };
  return {
    started: (stage, about) => say({ type: "stage.started", stage, ...about }),
    completed: (result) => say({ type: "stage.completed", result }),
    site: (news) => say({ type: "site.state", ...news, message: news.message.slice(0, MAX_MESSAGE) }),
    finished: (outcome) => say({ type: "job.finished", outcome }),
  };
}
