// Our output against the official Nephio CRDs. They are not part of the project; without them this file is skipped.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { inputOf, never, planOf, TYPES } from "./fixtures.ts";

const CRDS = path.resolve(import.meta.dirname, "../../../../shared/specs/nephio-crds");

type Json = Record<string, unknown>;

/** Structural schema → JSON Schema that also refuses unknown fields, as an API server prunes them. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const source = schema as Json;
  const out: Json = {};
  for (const [key, value] of Object.entries(source)) {
    if (key === "properties") out[key] = Object.fromEntries(Object.entries(value as Json).map(([name, inner]) => [name, closed(inner)]));
    else if (!key.startsWith("x-kubernetes-") && key !== "format") out[key] = closed(value);
  }
  if (source["x-kubernetes-int-or-string"] === true) out.type = ["integer", "string"];
  const open = source["x-kubernetes-preserve-unknown-fields"] === true || source.additionalProperties !== undefined;
  if (source.type === "object" && source.properties !== undefined && !open) out.additionalProperties = false;
  return out;
}

function validators() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const byKind = new Map<string, ReturnType<Ajv["compile"]>>();
  for (const file of readdirSync(CRDS).filter((name) => /^(req|workload)\.nephio\.org_/.test(name))) {
    const { spec } = parse(readFileSync(path.join(CRDS, file), "utf8"));
    for (const version of spec.versions) {
      byKind.set(`${spec.group}/${version.name}/${spec.names.kind}`, ajv.compile(closed(version.schema.openAPIV3Schema) as Json));
    }
  }
  return byKind;
}

describe.skipIf(!existsSync(CRDS))("official CRDs (skipped where ../shared/specs is absent)", () => {
  test.each(TYPES)("every resource of a %s slice is valid against its CRD", async (type) => {
    const byKind = validators();
    const result = await createEmbeddedKrm().render(inputOf(planOf(type, { devices: 50_000, sd: "0e0000" })), never());
    const resources = (result.ok ? result.value : []).map(({ content }) => parse(content));
    const custom = resources.filter(({ apiVersion }) => apiVersion.includes("nephio.org"));
    const verdicts = custom.map((resource) => {
      const validate = byKind.get(`${resource.apiVersion}/${resource.kind}`);
      return [resource.kind, validate?.(resource) ?? "no CRD", validate?.errors ?? []];
    });
    const kinds = ["Capacity", "DataNetwork", "Interface", "Interface", "Interface", "NFConfig", "NFDeployment", "NFDeployment"];
    expect(verdicts).toEqual(kinds.map((kind) => [kind, true, []]));
  });

  test("the check is not blind: an unknown field and a missing one are found", () => {
    const validate = validators().get("req.nephio.org/v1alpha1/Interface");
    expect(validate?.({ apiVersion: "req.nephio.org/v1alpha1", kind: "Interface", metadata: {}, spec: { vlan: 3 } })).toBe(false);
    expect(validate?.errors?.map(({ keyword }) => keyword).toSorted()).toEqual(["additionalProperties", "required"]);
  });
});
