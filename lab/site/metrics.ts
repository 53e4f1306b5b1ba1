// A site's measurements to the outside: the Prometheus text exposition and the Prometheus query API (/api/v1/query).
import type { IncomingMessage } from "node:http";
import type { Faults } from "../faults.ts";
import { type Answer, readBody } from "../http.ts";
import { evaluate, SUPPORTED } from "./promql.ts";
import { METRIC_NAMES, type SampleStore } from "./samples.ts";

const MAX_FORM_BYTES = 64 * 1024;
const TEXT = "text/plain; version=0.0.4; charset=utf-8";

export interface MetricsView {
  site: string;
  samples: SampleStore;
  fault: Exclude<Faults["metrics"], "hang">; // a hanging request is the caller's: it never gets here
  now: number;
}

/** Prometheus writes NaN and infinities by name, numbers in their shortest form. */
function format(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}

export function exposition(view: MetricsView): Answer {
  if (view.fault === "error") return { status: 503, type: TEXT, body: "simulated fault: metrics are down\n" };
  const lines: string[] = [];
  for (const metric of METRIC_NAMES) {
    const vector = evaluate({ query: metric, at: view.now, site: view.site, samples: view.samples, fault: view.fault }) ?? [];
    lines.push(`# HELP ${metric} Simulated by the lab.`, `# TYPE ${metric} gauge`);
    for (const { labels, value } of vector)
      lines.push(`${metric}{edge_site="${labels.edge_site}",slice="${labels.slice}"} ${format(value)}`);
  }
  return { status: 200, type: TEXT, body: `${lines.join("\n")}\n` };
}

function promError(status: number, errorType: string, error: string): Answer {
  return { status, body: { status: "error", errorType, error } };
}

/** `subPath` is what follows `/sites/{id}/prometheus`. GET with a query string or POST with a form, as Prometheus takes both. */
export async function prometheusAnswer(
  view: MetricsView,
  req: IncomingMessage,
  target: { subPath: string; search: string },
): Promise<Answer> {
  if (target.subPath !== "/api/v1/query") return promError(404, "not_found", "this lab serves only /api/v1/query");
  if (view.fault === "error") return promError(503, "unavailable", "simulated fault: the query engine is down");
  const form = req.method === "POST" ? await readBody(req, MAX_FORM_BYTES) : target.search;
  if (form === null) return promError(413, "bad_data", "the form is too large");
  const parameters = new URLSearchParams(form);
  const query = parameters.get("query");
  const time = parameters.get("time");
  const at = time === null ? view.now : Number(time) * 1000;
  if (query === null || query === "") return promError(400, "bad_data", 'invalid parameter "query": empty');
  if (!Number.isFinite(at)) return promError(400, "bad_data", 'invalid parameter "time": this lab takes seconds since the epoch');
  const vector = evaluate({ query, at, site: view.site, samples: view.samples, fault: view.fault });
  if (vector === null) return promError(400, "bad_data", SUPPORTED);
  const result = vector.map(({ labels, value }) => ({ metric: labels, value: [at / 1000, format(value)] }));
  return { status: 200, body: { status: "success", data: { resultType: "vector", result } } };
}
