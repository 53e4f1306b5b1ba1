// What the agent renders, on a lab site, through the agent's own adapters: the three parts agree on names, units and namespaces.
import { expect, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import { objectiveQueries } from "../../../intent/objectives.ts";
import { labSiteConfigs } from "../../../lab/configs.ts";
import type { SloObjective } from "../../../protocol/slo.ts";
import { clone, push, testLab, untilSynced } from "../../lab/support.ts";
import { inputOf, planOf, TYPES } from "../krm/fixtures.ts";
import { never } from "./support.ts";

const WINDOW = { windowSeconds: 30, minSamples: 1, noData: "inconclusive" } as const;
const LATENCY: SloObjective = { name: "latencyP95", comparator: "lte", threshold: 5, unit: "ms", ...WINDOW };
const DOWNLINK: SloObjective = { name: "throughputMin", comparator: "gte", threshold: 300, unit: "Mbps", ...WINDOW };
const UPLINK: SloObjective = { name: "uplinkThroughputMin", comparator: "gte", threshold: 75, unit: "Mbps", ...WINDOW };

test.each(TYPES)("a rendered %s slice is applied, healthy, and measured as promised", async (serviceType) => {
  const slice = `s-${serviceType.toLowerCase()}`;
  const rendered = await createEmbeddedKrm().render(inputOf(planOf(serviceType, { slice, downlinkKbps: 300_000, latencyMs: 5 })), never());
  if (!rendered.ok) throw new Error(rendered.error.message);
  const lab = await testLab({ sites: 1 });
  const files = Object.fromEntries(rendered.value.map((file) => [file.path, file.content]));
  const commit = await push(await clone(lab), { ...files, "sites/edge1/kustomization.yaml": kustomizationFor(Object.keys(files)) });
  await untilSynced(lab, commit);

  const site = createEdgePort({ sites: labSiteConfigs(lab.url, 1), secret: async () => undefined, timeoutMs: 2_000 }).site("edge1");
  expect(await site?.resources(slice, never())).toMatchObject({ ok: true, value: { phase: "healthy" } });
  const values = [LATENCY, DOWNLINK, UPLINK].map(async (objective) => {
    const { query, countQuery } = objectiveQueries(objective, { site: "edge1", slice });
    const measured = await site?.measure(query, countQuery, never());
    return measured?.ok ? measured.value.value : null;
  });
  const [latency, downlink, uplink] = await Promise.all(values);
  expect(latency).toBeGreaterThan(2);
  expect(latency).toBeLessThanOrEqual(5);
  expect(downlink).toBeGreaterThanOrEqual(300);
  expect(uplink).toBeGreaterThanOrEqual(75);
});
