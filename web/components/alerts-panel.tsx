// What fires now: which slice or site, since when, what is being done about it, and who has taken note.
import type { Alert } from "../../protocol/alert.ts";
import type { Api } from "../api.ts";
import type { Label } from "../state/labels.ts";
import { Badge, ProblemNotice, Time } from "./bits.tsx";
import { useCommand } from "./use-command.ts";
import { useLoaded } from "./use-loaded.ts";

const SEVERITY: Record<Alert["severity"], Label> = {
  critical: { word: "Critical", tone: "failed" },
  warning: { word: "Warning", tone: "wait" },
  info: { word: "Info", tone: "pending" },
};

export interface AlertsPanelProps {
  changed: number; // another number: load again
  mayOperate: boolean;
  api: Pick<Api, "firingAlerts" | "acknowledge">;
}

export function AlertsPanel({ changed, mayOperate, api }: AlertsPanelProps) {
  const { value, error, reload } = useLoaded(api.firingAlerts, changed);
  const alerts = value?.alerts ?? [];
  return (
    <section className="card side" aria-labelledby="alerts-title" data-testid="alerts">
      <h2 id="alerts-title">Alerts</h2>
      {error !== undefined && <ProblemNotice problem={error} retry={reload} />}
      {error === undefined && alerts.length === 0 && <p className="faint">{value === null ? "Loading…" : "Nothing fires."}</p>}
      <ul className="sites">
        {alerts.map((alert) => (
          <Row
            key={alert.alertId}
            alert={alert}
            mayOperate={mayOperate}
            onAcknowledge={() => api.acknowledge(alert.alertId).then(reload)}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({ alert, mayOperate, onAcknowledge }: { alert: Alert; mayOperate: boolean; onAcknowledge(): Promise<unknown> }) {
  const command = useCommand();
  const about = [alert.slice, alert.site].filter((part) => part !== null).join(" at ");
  return (
    <li data-testid="alert" data-kind={alert.kind}>
      <div className="row">
        <Badge label={SEVERITY[alert.severity]} />
        <strong>{about === "" ? alert.kind.replaceAll("_", " ") : about}</strong>
        <span className="spring" />
        <Time at={alert.startedAt} />
      </div>
      <p className="texts">{alert.message}</p>
      {alert.remediation.length > 0 && (
        <p className="faint">{alert.remediation.map((step) => `${step.rung}: ${step.state}`).join(" → ")}</p>
      )}
      {alert.acknowledged === null ? (
        <button type="button" disabled={!mayOperate || command.pending} onClick={() => command.run(onAcknowledge)}>
          Acknowledge
        </button>
      ) : (
        <p className="faint">Seen by {alert.acknowledged.by}</p>
      )}
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </li>
  );
}
