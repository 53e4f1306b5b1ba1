// The bar at the top: product, how fresh the page is, who is there to do the work, and who is signed in.

import type { AgentView } from "../../protocol/agent.ts";
import type { Health, Me } from "../../protocol/api.ts";
import type { Site } from "../../protocol/site.ts";
import { clockTime } from "../state/format.ts";
import type { Freshness } from "../state/freshness.ts";
import type { Label, Tone } from "../state/labels.ts";
import type { Place } from "../use-path.ts";
import { Badge } from "./bits.tsx";
import { Nav } from "./nav.tsx";

export interface HeaderProps {
  me: Me;
  place: Place;
  freshness: Freshness;
  agents: readonly AgentView[];
  sites: readonly Site[];
  health: Health | null;
  loaded: boolean;
  now: number;
  onReconnect(): void;
  onSignOut(): void;
}

export function Header(props: HeaderProps) {
  const { me, freshness, loaded } = props;
  return (
    <header className="bar">
      <h1 className="product">
        <img src="/favicon.svg" alt="" width="26" height="26" />
        <span>
          Intent-to-O2 <span className="faint">Control Center</span>
        </span>
      </h1>
      <Nav place={props.place} />
      <div className="states">
        <span data-testid="connection" data-state={freshness.state} role="status">
          <Badge label={freshnessLabel(freshness, props.now)} />
        </span>
        {freshness.state === "stale" && (
          <button type="button" onClick={props.onReconnect}>
            Reconnect
          </button>
        )}
        {loaded && <Badge label={agentsLabel(props.agents)} />}
        {loaded && <Badge label={sitesLabel(props.sites)} />}
        {troubleLabels(props.health).map((label) => (
          <Badge key={label.word} label={label} />
        ))}
      </div>
      <div className="who">
        <span className="faint" title={`Scopes: ${me.scopes.join(", ")}`}>
          {me.name}
        </span>
        <button type="button" className="quiet" onClick={props.onSignOut}>
          Sign out
        </button>
      </div>
    </header>
  );
}

export function freshnessLabel(freshness: Freshness, now: number): Label {
  if (freshness.state === "live") return { word: "Live", tone: "done" };
  if (freshness.state === "catching_up") return { word: "Catching up", tone: "active" };
  return { word: freshness.since === null ? "Not connected" : `Stale since ${clockTime(freshness.since, now)}`, tone: "failed" };
}

function agentsLabel(agents: readonly AgentView[]): Label {
  const online = agents.filter((agent) => agent.status === "online").length;
  if (online === 0) return { word: "No agent online", tone: "failed" };
  return { word: `${online} ${online === 1 ? "agent" : "agents"} online`, tone: "done" };
}

function sitesLabel(sites: readonly Site[]): Label {
  if (sites.length === 0) return { word: "No sites yet", tone: "wait" };
  const healthy = sites.filter((site) => site.status === "healthy").length;
  const some = (status: Site["status"]) => sites.some((site) => site.status === status);
  const tone: Tone = some("unreachable") ? "failed" : some("degraded") ? "wait" : healthy === sites.length ? "done" : "pending";
  return { word: `${healthy}/${sites.length} sites healthy`, tone };
}

/** Of the service itself; agents and sites have badges of their own. */
function troubleLabels(health: Health | null): Label[] {
  if (health === null) return [];
  const { worker, d1, room } = health.components;
  return Object.entries({ worker, database: d1, room })
    .filter(([, part]) => part.status !== "ok")
    .map(([name, part]) => ({ word: `${name} ${part.status}`, tone: part.status === "down" ? "failed" : "wait" }));
}
