// Which job the present work belongs to, carried along with it: what an adapter logs names the job without being told of it.
// For the log only; nothing is decided by it.
import { AsyncLocalStorage } from "node:async_hooks";
import type { StageName } from "../protocol/stage.ts";

interface About {
  jobId: string;
  intentId: string;
  attempt: number;
  kind: string;
}

export interface JobScope {
  /** Everything that `work` starts belongs to the job, until `work` has ended. */
  run<T>(about: About, work: () => Promise<T>): Promise<T>;
  /** From here on the job is in this stage; null: between two. */
  enter(stage: StageName | null): void;
  /** What a line that is written now is about; empty outside of jobs. */
  fields(): Partial<About> & { stage?: StageName };
}

export function createJobScope(): JobScope {
  const storage = new AsyncLocalStorage<{ about: About; stage: StageName | null; over: boolean }>();
  return {
    async run(about, work) {
      const job = { about, stage: null, over: false };
      try {
        return await storage.run(job, work);
      } finally {
        job.over = true; // what outlives it (a warm process, a maintenance) is not about it any more
      }
    },
    enter(stage) {
      const job = storage.getStore();
      if (job !== undefined) job.stage = stage;
    },
    fields() {
      const job = storage.getStore();
      if (job === undefined || job.over) return {};
      return { ...job.about, ...(job.stage === null ? {} : { stage: job.stage }) };
    },
  };
}
