// The router's settings: which language models agents ask, in which order. Here they are kept and changed; the agents' routers obey them.
import { eq, sql } from "drizzle-orm";
import { integrations, settings } from "../../drizzle/schema.ts";
import type { RoutingUpdate } from "../../protocol/integration-api.ts";
import { LAST_RESORT, Routing } from "../../protocol/llm.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { selectVersion } from "./correction-store.ts";
import { createUnit, GuardFailed, type Unit } from "./unit.ts";

const NAME = "routing";
const RAW = { value: sql<string>`value` }; // the text as it is stored: a write is guarded by it
const MAX_TRIES = 4; // two administrators at once are rare, and each try is a fresh look

export async function readRouting(deps: Deps): Promise<Routing> {
  return parseRouting(await rawRouting(deps));
}

/** What every heartbeat brings home besides the work: the settings, and the version of the corrections. */
export async function guidance(deps: Deps): Promise<{ routing: Routing; corrections: number }> {
  const [stored, [head]] = await deps.db.batch([deps.db.select(RAW).from(settings).where(eq(settings.name, NAME)), selectVersion(deps)]);
  return { routing: parseRouting(stored[0]?.value ?? null), corrections: head?.version ?? 0 };
}

/** Changes what is given; the rest stays. The agents hear of it at once, and obey within one heartbeat. VALIDATION for a share of nobody. */
export async function writeRouting(deps: Deps, { update, by }: { update: RoutingUpdate; by: string }): Promise<Routing> {
  const { order, disconnected, shares } = update;
  if (shares !== undefined) await refuseUnknown(deps, shares);
  return edit(deps, { by, about: NAME }, (before) => ({
    order: order ?? before.order,
    disconnected: disconnected === undefined ? before.disconnected : [...new Set(disconnected)],
    shares: shares ?? before.shares,
  }));
}

/** A share that nobody can serve compares nothing. One that is set already may stay: its backend is away. */
async function refuseUnknown(deps: Deps, shares: Routing["shares"]): Promise<void> {
  const { shares: before } = await readRouting(deps);
  const added = shares.filter(({ provider }) => !before.some((set) => set.provider === provider));
  for (const { provider } of added)
    if (!(await isKnown(deps, provider))) throw invalidField("shares", `no integration is called ${provider}`);
}

export interface Switch {
  provider: string;
  connected: boolean;
  by: string;
}

/** Switches a backend in or out of the routers of all agents. Saying what is the case already changes nothing. */
export async function switchProvider(deps: Deps, { provider, connected, by }: Switch): Promise<Routing> {
  if (!(await isKnown(deps, provider))) throw new AppError("NOT_FOUND", `no integration is called ${provider}`);
  if (provider === LAST_RESORT && !connected)
    throw new AppError("CONFLICT", "the rules cannot be switched off: they answer when nobody else does");
  return edit(deps, { by, about: provider }, (before) => {
    const others = before.disconnected.filter((id) => id !== provider);
    const disconnected = connected ? others : [...others, provider];
    return before.disconnected.includes(provider) === connected ? { ...before, disconnected } : before;
  });
}

/** The rules, whatever some agent has told of, and what was switched off while it was there. */
async function isKnown(deps: Deps, provider: string): Promise<boolean> {
  if (provider === LAST_RESORT || (await readRouting(deps)).disconnected.includes(provider)) return true;
  const row = await deps.db.select({ id: integrations.id }).from(integrations).where(eq(integrations.id, provider)).limit(1).get();
  return row !== undefined;
}

/** Reads, changes and writes; again from the start when somebody else wrote in between. No change writes nothing. */
async function edit(deps: Deps, { by, about }: { by: string; about: string }, change: (before: Routing) => Routing): Promise<Routing> {
  for (let attempt = 1; ; attempt += 1) {
    const raw = await rawRouting(deps);
    const before = parseRouting(raw);
    const after = change(before);
    if (JSON.stringify(before) === JSON.stringify(after)) return before;
    const row = { value: after, updatedBy: by, updatedAt: deps.now() };
    const unit = createUnit(deps);
    unit.about(about);
    unit.guard(sql`(select value from settings where name = ${NAME}) is ${raw}`);
    unit.add(
      deps.db
        .insert(settings)
        .values({ name: NAME, ...row })
        .onConflictDoUpdate({ target: settings.name, set: row }),
    );
    tell(unit, { before, after, by });
    unit.wake();
    try {
      await unit.commit();
      return after;
    } catch (error) {
      if (!(error instanceof GuardFailed)) throw error;
      if (attempt === MAX_TRIES) throw new AppError("CONFLICT", "somebody else changes the routing just now; try again", { cause: error });
    }
  }
}

function tell(unit: Unit, { before, after, by }: { before: Routing; after: Routing; by: string }): void {
  const event = (provider: string, change: "connected" | "disconnected" | "order", message: string) =>
    unit.event({ type: "integration.updated", data: { kind: "backend", agentId: null, provider, change, status: null, message } });
  for (const id of after.disconnected) if (!before.disconnected.includes(id)) event(id, "disconnected", `by ${by}`);
  for (const id of before.disconnected) if (!after.disconnected.includes(id)) event(id, "connected", `by ${by}`);
  if (inWords(before) !== inWords(after)) event(after.order[0] ?? LAST_RESORT, "order", `by ${by}: ${inWords(after)}`);
}

function inWords({ order, shares }: Routing): string {
  const drawn = shares.map(({ provider, percent }) => `${percent} % ${provider}`);
  return [order.join(", "), ...drawn].join("; ");
}

/** As it is stored, so that a write can be guarded by it; null when nothing was set. */
async function rawRouting(deps: Deps): Promise<string | null> {
  const row = await deps.db.select(RAW).from(settings).where(eq(settings.name, NAME)).get();
  return row?.value ?? null;
}

function parseRouting(raw: string | null): Routing {
  return Routing.parse(raw === null ? {} : JSON.parse(raw));
}
