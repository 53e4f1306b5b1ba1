// The integrations page: every backend of every agent as a card, and the order in which they are asked. Loaded when it is opened.
import type { RoutingUpdate } from "../../protocol/integration-api.ts";
import type { Api } from "../api.ts";
import type { RoutingEdit } from "../state/integrations.ts";
import { Badge, ProblemNotice, Time } from "./bits.tsx";
import { IntegrationCard } from "./integration-card.tsx";
import { RoutingPanel } from "./routing-panel.tsx";
import { useCommand } from "./use-command.ts";
import { useLoaded } from "./use-loaded.ts";
import { useNow } from "./use-now.ts";

const REFRESH_MS = 15_000; // figures have no event of their own

export interface IntegrationsPageProps {
  changed: number; // another number: load again
  mayOperate: boolean;
  mayAdmin: boolean;
  edit: RoutingEdit | null; // kept by whoever shows this page: it must outlive a look at another one
  onEdit(edit: RoutingEdit | null): void;
  api: Pick<Api, "integrations" | "routing" | "saveRouting" | "testIntegration" | "switchIntegration" | "lookAtIntegrations">;
}

export function IntegrationsPage({ changed, mayOperate, mayAdmin, edit, onEdit, api }: IntegrationsPageProps) {
  const round = useNow(REFRESH_MS);
  const both = () => Promise.all([api.integrations(), api.routing()]);
  const { value, error, reload } = useLoaded(both, `${changed} ${round}`);
  const look = useCommand();
  const [list, routing] = value ?? [null, null];
  const integrations = list?.integrations ?? [];
  const commands = {
    testIntegration: api.testIntegration,
    switchIntegration: (id: string, connected: boolean) => api.switchIntegration(id, connected).finally(reload),
  };
  const save = (update: RoutingUpdate) => api.saveRouting(update).finally(reload);
  return (
    <main className="page" data-testid="integrations-page">
      <div className="column">
        <div className="row">
          <h2 className="title">Integrations</h2>
          {list !== null && (
            <span className="faint" data-testid="integrations-as-of">
              <Badge label={error === undefined ? { word: "Up to date", tone: "done" } : { word: "Stale", tone: "failed" }} /> as of{" "}
              <Time at={list.timestamp} />
            </span>
          )}
          <span className="spring" />
          <button
            type="button"
            data-testid="look"
            disabled={!mayOperate || look.pending}
            title={mayOperate ? "" : "Looking needs the scope operate"}
            onClick={() => look.run(() => api.lookAtIntegrations().finally(reload))}
          >
            {look.pending ? "Looking…" : "Look now"}
          </button>
        </div>
        {!mayAdmin && (
          <p className="notice" data-tone="wait" data-testid="integrations-refusal">
            {mayOperate
              ? "Your token may test backends. To switch them or to change their order, sign in with one that has the scope admin."
              : "Your token may look only. Testing needs the scope operate; switching backends and their order the scope admin."}
          </p>
        )}
        {look.error !== undefined && <ProblemNotice problem={look.error} />}
        {error !== undefined && <ProblemNotice problem={error} retry={reload} />}
        {list === null && error === undefined && <p className="card faint">Loading…</p>}
        {list !== null && integrations.length === 0 && (
          <p className="card faint" data-testid="no-integrations">
            No agent has told of a backend yet. As soon as one connects, what it finds is here.
          </p>
        )}
        <div className="integrations">
          {integrations.map((integration) => (
            <IntegrationCard key={`${integration.agent_id} ${integration.id}`} {...{ integration, mayOperate, mayAdmin, commands }} />
          ))}
        </div>
      </div>
      {routing !== null && (
        <div className="column">
          <RoutingPanel known={[...new Set(integrations.map(({ id }) => id))]} onSave={save} {...{ routing, mayAdmin, edit, onEdit }} />
        </div>
      )}
    </main>
  );
}
