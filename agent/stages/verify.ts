// verify: the SLO gate. Every objective at every site is measured until there is enough to judge, or the time is up.
import { objectiveQueries } from "../../intent/objectives.ts";
import { judge, overallVerdict } from "../../intent/verdict.ts";
import type { Evidence, SloObjective } from "../../protocol/slo.ts";
import type { VerifyOutput } from "../../protocol/stage.ts";
import { edgeSite, type StageDeps } from "./deps.ts";
import { deadline } from "./pace.ts";

type Measured = Pick<VerifyOutput, "verdict" | "evidence">;

export interface VerifyInput {
  slice: string;
  sites: string[];
  objectives: SloObjective[];
}

/** Evidence holds the queries as they were executed and what came back, whatever the verdict. */
export async function verify(deps: StageDeps, { slice, sites, objectives }: VerifyInput, signal: AbortSignal): Promise<Measured> {
  const pairs = sites.flatMap((site) => objectives.map((objective) => ({ site, slice, objective })));
  const evidence = await Promise.all(pairs.map((pair) => measureOne(deps, pair, signal)));
  return { verdict: overallVerdict(evidence.map((record) => record.verdict)), evidence };
}

/** A definite verdict (pass, fail) ends the wait; silence and outages get until the deadline to go away. */
async function measureOne(
  deps: StageDeps,
  { site, slice, objective }: { site: string; slice: string; objective: SloObjective },
  signal: AbortSignal,
): Promise<Evidence> {
  const adapter = edgeSite(deps, site);
  const { query, countQuery } = objectiveQueries(objective, { site, slice });
  const until = deadline(deps.verifyTimeoutMs, signal);
  let record: Evidence;
  let enough: boolean;
  do {
    const measured = await adapter.measure(query, countQuery, signal);
    signal.throwIfAborted();
    const { value, samples } = measured.ok ? measured.value : { value: null, samples: 0 };
    const { verdict, message } = judge(objective, measured.ok ? measured.value : { error: measured.error.message });
    enough = measured.ok && value !== null && Number.isFinite(value) && samples >= objective.minSamples;
    record = {
      site,
      objective: objective.name,
      query,
      value: value !== null && Number.isFinite(value) ? value : null,
      samples,
      threshold: objective.threshold,
      comparator: objective.comparator,
      unit: objective.unit,
      verdict,
      message,
      measuredAt: deps.now().toISOString(),
    };
  } while (!enough && (await until.next()));
  return record;
}
