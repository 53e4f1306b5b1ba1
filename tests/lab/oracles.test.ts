// The lab's answers against the published shapes: Config Sync's CRDs and oran-o2ims' OpenAPI. Runs where the specs are at hand.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { clone, push, setFaults, siteFiles, siteViews, testLab, untilSynced } from "./support.ts";

const SPECS = path.join(import.meta.dirname, "../../../shared/specs");
const KUBE = "apis/configsync.gke.io/v1beta1/namespaces/config-management-system/rootsyncs/root-sync";
const SOURCE = "apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/flux-system";
const APPLIED = "apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/flux-system";
const GROUP = "apis/kpt.dev/v1alpha1/namespaces/config-management-system/resourcegroups/root-sync";

/** Formats of OpenAPI and Kubernetes (int64, date-time …) are not ajv's own; shape is what counts here. */
function check(schema: object, value: unknown): unknown[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.validate(schema, value);
  return ajv.errors ?? [];
}

/** A CRD's schema with every unknown field refused, as `kubectl --validate=strict` does. */
function closed(schema: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(schema).map(([key, value]) => {
    if (Array.isArray(value) || typeof value !== "object" || value === null) return [key, value];
    return [key, closed(value as Record<string, unknown>)];
  });
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  const open = copy["x-kubernetes-preserve-unknown-fields"] === true || copy["additionalProperties"] !== undefined;
  return copy["type"] === "object" && copy["properties"] !== undefined && !open ? { ...copy, additionalProperties: false } : copy;
}

function crdSchema(file: string, version: string): Record<string, unknown> {
  const crd = parse(readFileSync(path.join(SPECS, file), "utf8"));
  const found = crd.spec.versions.find((entry: { name: string }) => entry.name === version);
  const schema = closed(found.schema.openAPIV3Schema);
  const properties = schema["properties"];
  return { ...schema, properties: { ...(typeof properties === "object" ? properties : {}), metadata: { type: "object" } } };
}

test.skipIf(!existsSync(SPECS))(
  "the objects of Config Sync and of Flux follow their CRDs while synced, syncing, failing and drifting",
  async () => {
    const lab = await testLab({ sites: 1 });
    const tree = await clone(lab);
    const rootSync = crdSchema("configsync/rootsync-crd.yaml", "v1beta1");
    const group = crdSchema("configsync/resourcegroup-crd.yaml", "v1alpha1");
    const source = crdSchema("flux/source.toolkit.fluxcd.io_gitrepositories.yaml", "v1");
    const applied = crdSchema("flux/kustomize.toolkit.fluxcd.io_kustomizations.yaml", "v1");
    const read = async (name: string) => (await fetch(`${lab.url}/sites/edge1/kube/${name}`)).json();
    const findings = async () => [
      ...check(rootSync, await read(KUBE)),
      ...check(group, await read(GROUP)),
      ...check(source, await read(SOURCE)),
      ...check(applied, await read(APPLIED)),
    ];

    expect(await findings()).toEqual([]);
    await untilSynced(lab, await push(tree, siteFiles("edge1", { video: {} })));
    expect(await findings()).toEqual([]);
    for (const faults of [{ health: "fail" }, { drift: "removed" }, { drift: "changed" }]) {
      await setFaults(lab, "edge1", faults);
      expect(await findings()).toEqual([]);
    }
    await setFaults(lab, "edge1", { sync: "fail", health: "fail" });
    await expect.poll(async () => (await siteViews(lab))[0]?.phase, { interval: 20, timeout: 10_000 }).toBe("failed");
    expect(await findings()).toEqual([]);
    await setFaults(lab, "edge1", { sync: "stuck" });
    await push(tree, siteFiles("edge1", { video: { downlink: "1G" } }));
    await expect.poll(async () => (await siteViews(lab))[0]?.phase, { interval: 20, timeout: 10_000 }).toBe("syncing");
    expect(await findings()).toEqual([]);
    await push(tree, { "sites/edge1/broken.yaml": "a: [1" });
    await setFaults(lab, "edge1", {});
    await expect.poll(async () => (await siteViews(lab))[0]?.phase, { interval: 20, timeout: 10_000 }).toBe("failed");
    expect(await findings()).toEqual([]);
  },
);

test.skipIf(!existsSync(SPECS))("the inventory follows oran-o2ims", async () => {
  const lab = await testLab({ sites: 1 });
  const document = JSON.parse(readFileSync(path.join(SPECS, "o2ims/oran-o2ims/bundled/resources.openapi.json"), "utf8"));
  const { DeploymentManager, OCloudInfo, APIVersions, ProblemDetails } = document.components.schemas;
  const root = `${lab.url}/sites/edge1/o2ims/o2ims-infrastructureInventory`;
  const read = async (address: string) => (await fetch(root + address)).json();
  const components = document.components;
  expect(check({ components, type: "array", minItems: 1, items: DeploymentManager }, await read("/v2/deploymentManagers"))).toEqual([]);
  expect(check({ components, ...OCloudInfo }, await read("/v2/"))).toEqual([]);
  expect(check({ components, ...APIVersions }, await read("/api_versions"))).toEqual([]);
  expect(check({ components, ...APIVersions }, await read("/v2/api_versions"))).toEqual([]);
  expect(check({ components, ...ProblemDetails }, await read("/v2/unicorns"))).toEqual([]);
});
