// The one thing worth reading about an event beside its name, and the things it links to. Pure: keys and values, the words are chosen where it is shown.
import { type DurableEvent, type EventData, type EventType, eventData, type MonitorStage } from "../../protocol/event.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { SiteStatus } from "../../protocol/site.ts";
import type { Verdict } from "../../protocol/slo.ts";
import { shortCommit } from "./format.ts";

export type SayingKey =
  | "detail.read_by"
  | "detail.read_after"
  | "detail.on"
  | "detail.files"
  | "detail.by"
  | "detail.approved"
  | "detail.rejected"
  | "detail.voided"
  | "detail.commit"
  | "detail.reverted"
  | "detail.order"
  | `detail.backend.${"found" | "gone" | "connected" | "disconnected" | "status"}`;

/** A sentence of the page's own, by its key among the words of the area system. */
export interface Saying {
  key: SayingKey;
  values: Partial<SayingValues>;
}

export interface SayingValues {
  by: string;
  others: string;
  what: string;
  sites: string;
  count: number;
  commit: string;
  branch: string;
  provider: string;
}

/** A state that has a word among those of every page. */
export type StateWord = `verdict.${Verdict}` | `siteStatus.${SiteStatus}` | `stage.${MonitorStage}`;

export interface Detail {
  saying?: Saying;
  state?: StateWord;
  text: string; // as somebody else wrote it; may be empty
}

const NOTHING: Detail = { text: "" };

/** Empty when the event's name says it all, and for data that is not what its type promises. */
export function eventDetail(event: DurableEvent): Detail {
  const tell = TELL[event.type] as ((data: unknown) => Detail) | undefined; // of this very type, see Tell
  const data = tell === undefined ? undefined : eventData(event, event.type);
  return tell === undefined || data === undefined ? NOTHING : tell(data);
}

type Tell = { [T in EventType]?: (data: EventData<T>) => Detail };

const text = (words: string): Detail => ({ text: words });
const list = (items: readonly string[]) => items.join(", ");

const TELL: Tell = {
  "intent.received": (data) => text(data.text),
  "intent.parsed": ({ understanding }) => ({ saying: readBy(understanding.metadata), text: "" }),
  "intent.clarification_needed": ({ clarifications }) => text(clarifications.map(({ question }) => question).join(" ")),
  "krm.generating": ({ plan }) => ({ saying: { key: "detail.on", values: { what: plan.slice, sites: list(plan.sites) } }, text: "" }),
  "krm.generated": ({ diff }) => ({ saying: { key: "detail.files", values: { count: diff.length } }, text: "" }),
  "approval.requested": ({ reasons }) => text(reasons.join("; ")),
  "approval.decided": ({ decision, by, reason }) => ({ saying: { key: `detail.${decision}`, values: { by } }, text: reason ?? "" }),
  "gitops.pushing": ({ slice, sites }) => ({ saying: { key: "detail.on", values: { what: slice, sites: list(sites) } }, text: "" }),
  "gitops.pushed": ({ commit, branch }) => ({
    saying: { key: "detail.commit", values: { commit: shortCommit(commit), branch } },
    text: "",
  }),
  "edge.deploying": ({ message }) => text(message),
  "edge.deployed": ({ message }) => text(message),
  "edge.failed": ({ message }) => text(message),
  "slo.validating": ({ sites }) => text(list(sites)),
  "slo.validated": ({ verdict }) => ({ state: `verdict.${verdict}`, text: "" }),
  "decision.requested": ({ failure }) => text(failure.message),
  "rollback.initiated": ({ reason }) => text(reason),
  "rollback.completed": ({ revertCommit, sites }) => ({
    saying: { key: "detail.reverted", values: { commit: shortCommit(revertCommit), sites: list(sites) } },
    text: "",
  }),
  "rollback.failed": ({ failure }) => text(failure.message),
  "intent.completed": ({ note }) => text(note),
  "intent.failed": ({ failure }) => text(failure.message),
  "intent.rejected": ({ failure }) => text(failure.message),
  "intent.cancelled": ({ by }) => ({ saying: { key: "detail.by", values: { by } }, text: "" }),
  "intent.rolled_back": ({ reason }) => text(reason),
  "alert.triggered": ({ alert }) => text(alert.message),
  "alert.resolved": ({ alert }) => text(alert.message),
  "site.updated": ({ status, message }) => ({ state: `siteStatus.${status}`, text: message }),
  "integration.updated": integration,
  "agent.online": ({ name }) => text(name),
  "agent.offline": ({ name, reason }) => text([name, reason].filter((part) => part !== "").join(": ")),
};

/** "by claude (opus)", and whom it was asked of before in vain. */
function readBy({ provider, served }: Understanding["metadata"]): Saying {
  const model = served?.model ?? null;
  const by = model === null ? provider : `${provider} (${model})`;
  const others = (served?.attempts ?? []).filter(({ outcome }) => outcome !== "answered").map((attempt) => attempt.provider);
  if (others.length === 0) return { key: "detail.read_by", values: { by } };
  return { key: "detail.read_after", values: { by, others: list([...new Set(others)]) } };
}

function integration(data: EventData<"integration.updated">): Detail {
  if (data.kind === "pipeline") return { state: `stage.${data.stage}`, text: data.text };
  if (data.kind === "edge") return text(`${data.edge}: ${data.status}`);
  if (data.change === "order") return { saying: { key: "detail.order", values: {} }, text: data.message };
  const said = [data.change === "status" ? (data.status ?? "") : "", data.message].filter((part) => part !== "");
  return { saying: { key: `detail.backend.${data.change}`, values: { provider: data.provider } }, text: said.join(": ") };
}

export interface EventLinks {
  intent: string | null;
  site: string | null;
  deployment: string | null;
  slice: string | null;
  agent: string | null;
  alert: string | null;
}

/** Ids of what the event is about, for a link each. */
export function linksOf(event: DurableEvent): EventLinks {
  const { deploymentId, agentId, slice } = event.data;
  const alert = eventData(event, "alert.triggered")?.alert ?? eventData(event, "alert.resolved")?.alert;
  const named = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  return {
    intent: event.intentId,
    site: event.site,
    deployment: named(deploymentId) ?? alert?.deploymentId ?? null,
    slice: named(slice) ?? eventData(event, "krm.generating")?.plan.slice ?? alert?.slice ?? null,
    agent: named(agentId),
    alert: alert?.alertId ?? null,
  };
}
