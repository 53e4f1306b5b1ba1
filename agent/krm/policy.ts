// What must hold across the resources of one package: places, references, one S-NSSAI, capacity. Single resources: schemas.ts.
import { quantityValue } from "./functions/quantity.ts";
import { componentOf, LABEL_INTENT, LABEL_SERVICE_TYPE, LABEL_SITE, LABEL_SLICE, OWNER_ANNOTATION, OWNER_PREFIX } from "./names.ts";
import { errorAt, type FnResult, isLocalConfig, type KrmObject, list, record, text } from "./resource.ts";
import { readSliceIntent, type SliceIntent } from "./slice-intent.ts";

/** Every slice has these; a package without one of them would sync and carry no traffic. */
const REQUIRED = [
  "Namespace",
  "Capacity",
  "DataNetwork",
  "Interface/n3",
  "Interface/n4",
  "Interface/n6",
  "NFDeployment/upf",
  "NFDeployment/smf",
  "NFConfig",
];

/** A slice's namespace is made and removed with the slice: it must never be one the cluster itself lives in. */
const RESERVED = /^(default|kube-.*|config-management-.*|resource-group-system|flux-system|nephio-.*|porch-.*)$/;

interface Package {
  intent: SliceIntent;
  items: KrmObject[]; // without local configuration
}

function places({ intent, items }: Package): FnResult[] {
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const results: FnResult[] = [];
    const { name, namespace = "" } = item.metadata;
    const expected = item.kind === "Namespace" ? "" : intent.slice;
    if (namespace !== expected) results.push(errorAt(item, `must be in namespace "${expected}"`, "metadata.namespace"));
    if (item.kind === "Namespace" && name !== intent.slice) {
      results.push(errorAt(item, `the namespace must be named ${intent.slice}`, "metadata.name"));
    }
    const id = `${item.apiVersion}/${item.kind}/${namespace}/${name}`;
    if (seen.has(id)) results.push(errorAt(item, "is there twice", "metadata.name"));
    seen.add(id);
    return results;
  });
}

function labels({ intent, items }: Package): FnResult[] {
  const expected: [string, string][] = [
    [LABEL_SLICE, intent.slice],
    [LABEL_SITE, intent.site],
    [LABEL_INTENT, intent.intentId],
    [LABEL_SERVICE_TYPE, intent.serviceType],
  ];
  return items.flatMap((item) =>
    expected
      .filter(([key, value]) => item.metadata.labels?.[key] !== value)
      .map(([key, value]) => errorAt(item, `label ${key} must be ${value}`, "metadata.labels")),
  );
}

function completeness({ intent, items }: Package): FnResult[] {
  const present = new Set(items.flatMap((item) => [item.kind, `${item.kind}/${componentOf(item)}`]));
  const missing = REQUIRED.filter((kind) => !present.has(kind));
  const results: FnResult[] = missing.map((kind) => ({ message: `the package has no ${kind.replace("/", " ")}`, severity: "error" }));
  if (RESERVED.test(intent.slice)) results.push({ message: `"${intent.slice}" is a name of the cluster's own`, severity: "error" });
  return results;
}

function requirementReferences({ items }: Package): FnResult[] {
  const deployments = new Set(items.filter((item) => item.kind === "NFDeployment").map((item) => item.metadata.name));
  const instances = new Set(items.flatMap((item) => list(record(item.spec).networkInstances).map((entry) => record(entry).name)));
  return items.flatMap((item) => {
    const results: FnResult[] = [];
    const owner = item.metadata.annotations?.[OWNER_ANNOTATION];
    if (owner !== undefined && !deployments.has(owner.slice(OWNER_PREFIX.length))) {
      results.push(errorAt(item, `its owner ${owner} is not in the package`, "metadata.annotations"));
    }
    if (item.kind !== "Interface" && item.kind !== "DataNetwork") return results;
    const instance = record(record(item.spec).networkInstance).name;
    if (!instances.has(instance)) {
      results.push(errorAt(item, `no network function has the network instance ${text(instance)}`, "spec.networkInstance"));
    }
    return results;
  });
}

function deploymentReferences({ items }: Package): FnResult[] {
  const configs = new Set(items.filter((item) => item.kind === "NFConfig").map((item) => item.metadata.name));
  const interfaces = new Map(items.filter((item) => item.kind === "Interface").map((item) => [componentOf(item), item]));
  return items
    .filter((item) => item.kind === "NFDeployment")
    .flatMap((item) => {
      const spec = record(item.spec);
      const own = list(spec.interfaces).map((entry) => text(record(entry).name));
      const attached = list(spec.networkInstances).flatMap((entry) => list(record(entry).interfaces));
      const dangling = list(spec.parametersRefs).filter((ref) => !configs.has(text(record(ref).name)));
      return [
        ...own
          .filter((name) => !interfaces.has(name))
          .map((name) => errorAt(item, `interface ${name} has no Interface`, "spec.interfaces")),
        ...attached
          .filter((name) => !own.includes(text(name)))
          .map((name) => errorAt(item, `a network instance names the unknown interface ${text(name)}`, "spec.networkInstances")),
        ...dangling.map((ref) => errorAt(item, `NFConfig ${text(record(ref).name)} is not in the package`, "spec.parametersRefs")),
      ];
    });
}

function sameSnssai(value: unknown, { snssai }: SliceIntent): boolean {
  const { sst, sd } = record(value);
  return sst === snssai.sst && sd === snssai.sd;
}

/** The slice, its profile and what the network functions read must name one S-NSSAI. */
function snssais({ intent, items }: Package): FnResult[] {
  const results: FnResult[] = [];
  const { profile, snssai } = intent;
  const inProfile = profile.plmnInfoList.every((entry) => sameSnssai(entry.snssai, intent));
  if (!inProfile || profile.sst !== snssai.sst) {
    results.push({ message: `the ServiceProfile names another S-NSSAI than ${snssai.sst}-${snssai.sd}`, severity: "error" });
  }
  for (const item of items.filter((candidate) => candidate.kind === "NFConfig")) {
    const specs = list(record(item.spec).configRefs).map((ref) => record(record(ref).spec));
    const named = specs.flatMap((spec) => [
      ...list(spec.PLMNInfo).flatMap((info) => list(record(info).nssai)),
      ...(spec.nssai === undefined ? [] : [spec.nssai]),
    ]);
    const kinds = new Set(list(record(item.spec).configRefs).map((ref) => record(ref).kind));
    for (const kind of ["PLMN", "QosProfile"]) {
      if (!kinds.has(kind)) results.push(errorAt(item, `configRefs has no ${kind}`, "spec.configRefs"));
    }
    if (!named.every((entry) => sameSnssai(entry, intent))) {
      results.push(errorAt(item, `must carry the S-NSSAI ${snssai.sst}-${snssai.sd} only`, "spec.configRefs"));
    }
  }
  return results;
}

function capacities({ items }: Package): FnResult[] {
  return items
    .filter((item) => item.kind === "Capacity")
    .flatMap((item) =>
      Object.entries(record(item.spec))
        .filter(([, value]) => !(quantityValue(value) > 0))
        .map(([field]) => errorAt(item, `${field} must be above zero`, `spec.${field}`)),
    );
}

const CHECKS = [places, labels, completeness, requirementReferences, deploymentReferences, snssais, capacities];

/** All findings of one package, in a fixed order. */
export function checkPolicy(items: KrmObject[]): FnResult[] {
  const intent = readSliceIntent(items);
  if (typeof intent === "string") return [{ message: intent, severity: "error" }];
  const own: Package = { intent, items: items.filter((item) => !isLocalConfig(item)) };
  return CHECKS.flatMap((check) => check(own));
}
