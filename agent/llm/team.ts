// All backends of this agent together: who they are, how they are now, and what the routing says of them. It asks nobody anything but probes.
import { type Integration, LAST_RESORT, Routing, type Served } from "../../protocol/llm.ts";
import type { Log } from "../log.ts";
import { pause } from "../retry.ts";
import type { BreakerBounds } from "./breaker.ts";
import { type Asked, createMember, type Member, type MemberSpec } from "./member.ts";
import { newsOf } from "./news.ts";
import { isConnected } from "./order.ts";
import { createStats, keep, type Measured, percentile } from "./stats.ts";

const LOOK_EVERY_MS = 30_000; // a backend that was started is found within half a minute

export interface TeamDeps {
  specs: readonly MemberSpec[];
  now: () => Date;
  log: Log;
  observe: (asked: Asked) => void;
  breaker?: BreakerBounds;
}

export interface Team {
  members: readonly Member[];
  routing(): Routing;
  use(routing: Routing): void;
  /** Looks at all of them at once; each look has its own bound. */
  discover(signal: AbortSignal): Promise<void>;
  /** Resolves when each was looked at once. */
  looked(signal: AbortSignal): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
  byRules(durationMs: number, measured: Measured): void;
  /** A sentence drew this arm of the comparison, and was served so. */
  drawn(arm: string, served: Served): void;
  integrations(): Integration[];
  onChange(listener: () => void): void;
}

interface Arm {
  drawn: number;
  answered: number;
  latencies: number[];
}

export function createTeam({ specs, now, log, observe, breaker }: TeamDeps): Team {
  const listeners = new Set<() => void>();
  const arms = new Map<string, Arm>();
  const rules = createStats();
  let routing = Routing.parse({});
  let told = "";

  function changed(): void {
    const is = JSON.stringify(integrations().map(newsOf));
    if (is === told) return;
    told = is;
    for (const listener of listeners) listener();
  }

  const members = specs.map((spec) =>
    createMember(spec, { now, log, observe, onChange: changed, ...(breaker === undefined ? {} : { breaker }) }),
  );

  async function discover(signal: AbortSignal): Promise<void> {
    await Promise.all(members.map((member) => member.probe(signal)));
  }

  function armOf(id: string): Arm {
    const arm = arms.get(id) ?? { drawn: 0, answered: 0, latencies: [] };
    arms.set(id, arm);
    return arm;
  }

  function armView(id: string): Integration["arm"] {
    const share = routing.shares.find(({ provider }) => provider === id);
    if (share === undefined) return null;
    const { drawn, answered, latencies } = armOf(id);
    return { percent: share.percent, drawn, answered, p50Ms: percentile(latencies, 0.5) };
  }

  function rulesView(): Integration {
    return {
      ...{ id: LAST_RESORT, name: "Rules", type: LAST_RESORT, address: "built in", configured: true, status: "healthy", connected: true },
      ...{ capabilities: ["understand"], models: [], version: null, latencyMs: null, lastChecked: null, error: null },
      breaker: { state: "closed", failures: 0, retryAt: null },
      stats: rules.view(),
      arm: armView(LAST_RESORT),
    };
  }

  function integrations(): Integration[] {
    const views = members.map((member) => ({ ...member.view(), connected: isConnected(member.id, routing), arm: armView(member.id) }));
    return [...views, rulesView()];
  }

  return {
    members,
    routing: () => routing,
    use(next) {
      // A share that is set anew is counted anew.
      const before = new Map(routing.shares.map(({ provider, percent }) => [provider, percent]));
      for (const { provider, percent } of next.shares) if (before.get(provider) !== percent) arms.delete(provider);
      routing = next;
      changed();
    },
    discover,
    async looked(signal) {
      await Promise.all(members.filter((member) => !member.probed()).map((member) => member.probe(signal)));
    },
    async run(signal) {
      while (!signal.aborted) {
        await discover(signal);
        await pause(LOOK_EVERY_MS, signal);
      }
    },
    byRules(durationMs, measured) {
      rules.answered(durationMs, measured);
      observe({ provider: LAST_RESORT, purpose: "understand", outcome: "answered", durationMs, measured });
    },
    drawn(arm, { provider, attempts }) {
      const counted = armOf(arm);
      counted.drawn += 1;
      if (provider !== arm) return;
      counted.answered += 1;
      keep(counted.latencies, attempts.at(-1)?.durationMs ?? 0);
    },
    integrations,
    onChange: (listener) => void listeners.add(listener),
  };
}
