// Brings home what people corrected, when the control centre says that there is more of it. What models make of it is not its business.
import type { Correction } from "../../protocol/correction.ts";
import type { Log } from "../log.ts";
import type { WorkerClient } from "../worker-client.ts";

export interface LearnerDeps {
  client: Pick<WorkerClient, "corrections">;
  learn: (corrections: readonly Correction[]) => void;
  log: Log;
}

export interface Learner {
  /** How many there are, as a heartbeat was answered. What cannot be had now is asked for after the next one. */
  told(version: number): void;
}

export function createLearner({ client, learn, log }: LearnerDeps): Learner {
  let known = 0;
  let asking = false;

  async function ask(): Promise<void> {
    const answer = await client.corrections({});
    if (!answer.ok) return log.warn({ error: answer.error.message }, "the corrections cannot be had; asked again after the next heartbeat");
    learn(answer.value.corrections);
    known = answer.value.version;
  }

  return {
    told(version) {
      if (version === known || asking) return;
      asking = true;
      ask().finally(() => {
        asking = false;
      });
    },
  };
}
