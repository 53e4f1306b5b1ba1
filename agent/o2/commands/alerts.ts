// alerts: what a person should know about slices and sites, and the word that somebody does.
import { Alert, AlertPage, AlertStatus } from "../../../protocol/alert.ts";
import type { Command, Context, Input } from "../command.ts";
import { EXIT, type ExitCode } from "../failure.ts";
import { columns, oneLine } from "../text.ts";

async function alerts(context: Context, input: Input): Promise<ExitCode> {
  const { out } = context;
  const api = await context.api();
  const ack = input.text("ack");
  if (ack !== undefined) {
    const alert = await api.post(`api/v1/alerts/${encodeURIComponent(ack)}/ack`, { comment: input.text("comment") ?? "" }, Alert);
    if (out.json) out.document(alert);
    out.text(`${alert.alertId}  acknowledged by ${oneLine(alert.acknowledged?.by ?? "")}`);
    return EXIT.ok;
  }
  const query = new URLSearchParams();
  for (const name of ["status", "site"]) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  const page = await api.get(`api/v1/alerts${query.size === 0 ? "" : `?${query}`}`, AlertPage, context.signal);
  if (out.json) out.document(page);
  out.text(columns(["ALERT", "STATUS", "SEVERITY", "KIND", "SITE", "SLICE", "ACK", "MESSAGE"], page.alerts.map(rowOf), out.columns()));
  return EXIT.ok;
}

function rowOf({ alertId, status, severity, kind, site, slice, acknowledged, message }: Alert): string[] {
  return [alertId, status, severity, kind, site ?? "", slice ?? "", acknowledged?.by ?? "", message];
}

export const ALERT_COMMANDS: readonly Command[] = [
  {
    ...{ name: "alerts", takes: "", min: 0, max: 0, about: "alerts; --ack says that somebody takes care", run: alerts },
    options: {
      status: { value: "STATUS", words: AlertStatus.options, about: "only these" },
      site: { value: "SITE", about: "only of this site" },
      ack: { value: "ALERT", about: "acknowledge this one" },
      comment: { value: "TEXT", about: "with --ack: a word to the others" },
    },
  },
];
