import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { canonicalYaml } from "../../../agent/krm/canonical.ts";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { runPipeline } from "../../../agent/krm/pipeline.ts";
import { fileOf, withFile } from "../../../agent/krm/resource.ts";
import { parseResource } from "../../../agent/krm/yaml-text.ts";
import type { RenderedFile, SlicePlan } from "../../../protocol/stage.ts";
import { blueprintsWith, INTENT_ID, inputOf, never, planOf, reversed, TYPES } from "./fixtures.ts";

async function rendered(plan: SlicePlan): Promise<RenderedFile[]> {
  const result = await createEmbeddedKrm().render(inputOf(plan), never());
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function resource(plan: SlicePlan, file: string) {
  const found = (await rendered(plan)).find(({ path }) => path === `sites/edge1/slices/${plan.slice}/${file}`);
  return parse(found?.content ?? "");
}

test.each(TYPES)("a %s slice is the same eleven files at every site of its plan, sorted by path", async (type) => {
  const files = await rendered(planOf(type, { slice: "cam", sites: ["edge2", "edge1"] }));
  const names = [
    "Kptfile",
    "capacity",
    "dnn",
    "interface-n3",
    "interface-n4",
    "interface-n6",
    "namespace",
    "nf-config",
    "slice-intent",
    "smf",
    "upf",
  ];
  expect(files.map(({ path }) => path)).toEqual(
    ["edge1", "edge2"].flatMap((site) => names.map((name) => `sites/${site}/slices/cam/${name === "Kptfile" ? name : `${name}.yaml`}`)),
  );
});

test("every resource carries who made it and for what, and lies in the namespace of the slice", async () => {
  const files = await rendered(planOf("URLLC", { slice: "robot" }));
  const resources = files
    .map(({ content }) => parse(content))
    .filter(({ metadata }) => metadata.annotations?.["config.kubernetes.io/local-config"] === undefined);
  expect(resources).toHaveLength(9);
  for (const { kind, metadata } of resources) {
    expect(metadata.labels).toMatchObject({
      "app.kubernetes.io/managed-by": "intent-control-center",
      "intent-control-center.dev/slice": "robot",
      "intent-control-center.dev/site": "edge1",
      "intent-control-center.dev/intent-id": INTENT_ID,
      "intent-control-center.dev/service-type": "URLLC",
    });
    expect(kind === "Namespace" ? metadata.name : metadata.namespace).toBe("robot");
  }
});

test("the profile becomes capacity in Kubernetes quantities and in thousands", async () => {
  const { spec } = await resource(planOf("eMBB", { downlinkKbps: 1_500_000, devices: 1500 }), "capacity.yaml");
  expect(spec).toEqual({
    maxDownlinkThroughput: "1500M",
    maxUplinkThroughput: "375M",
    maxSessions: 3,
    maxSubscribers: 2,
    maxNFConnections: 4,
  });
});

test("the NFConfig carries PLMN, S-NSSAI and 5QI", async () => {
  const { spec } = await resource(planOf("URLLC", { sd: "1e1000", latencyMs: 5 }), "nf-config.yaml");
  expect(spec).toEqual({
    configRefs: [
      {
        apiVersion: "workload.nephio.org/v1alpha1",
        kind: "PLMN",
        metadata: { name: "plmn", namespace: "video-7" },
        spec: { PLMNInfo: [{ plmnID: { mcc: "001", mnc: "01" }, tac: 1, nssai: [{ sst: 2, sd: "1e1000" }] }] },
      },
      {
        apiVersion: "workload.nephio.org/v1alpha1",
        kind: "QosProfile",
        metadata: { name: "qos", namespace: "video-7" },
        spec: {
          nssai: { sst: 2, sd: "1e1000" },
          fiveQI: 85,
          downlinkLatencyMs: 5,
          uplinkLatencyMs: 5,
          guaranteedDownlink: "200M",
          guaranteedUplink: "50M",
          downlinkReliabilityPercent: 99.9,
          uplinkReliabilityPercent: 99.9,
          availabilityPercent: 99.95,
        },
      },
    ],
  });
});

test("UPF and SMF meet in one N4 subnet and on one VLAN, and share the pools of the data network", async () => {
  const plan = planOf("eMBB");
  const upf = (await resource(plan, "upf.yaml")).spec;
  const smf = (await resource(plan, "smf.yaml")).spec;
  const [n3, n4, n6] = upf.interfaces;
  expect(smf.interfaces[0].ipv4.gateway).toBe(n4.ipv4.gateway);
  expect(smf.interfaces[0].vlanID).toBe(n4.vlanID);
  expect(new Set([smf.interfaces[0], n3, n4, n6].map(({ ipv4 }) => ipv4.address)).size).toBe(4);
  expect(new Set([n3, n4, n6].map(({ vlanID }) => vlanID)).size).toBe(3);
  expect(smf.networkInstances[1].dataNetworks).toEqual(upf.networkInstances[2].dataNetworks);
  expect(upf.networkInstances[2].dataNetworks).toEqual([
    { name: "internet", pool: [{ prefix: expect.stringMatching(/^10\..*\/20$/) }, { prefix: expect.stringMatching(/^fd.*\/52$/) }] },
  ]);
  expect(upf.parametersRefs).toEqual([{ apiVersion: "workload.nephio.org/v1alpha1", kind: "NFConfig", name: "nf-config-video-7" }]);
});

test("slices with consecutive SDs get other addresses and VLANs at one site, and one slice other addresses at another site", async () => {
  const interfaces = async (change: { sd: string; sites?: string[] }) => {
    const files = await rendered(planOf("eMBB", change));
    return parse(files.find(({ path }) => path.endsWith("/upf.yaml"))?.content ?? "").spec.interfaces;
  };
  const one = await interfaces({ sd: "000001" });
  const two = await interfaces({ sd: "000002" });
  const away = await interfaces({ sd: "000001", sites: ["edge2"] });
  for (const i of [0, 1, 2]) {
    expect(two[i].ipv4.gateway).not.toBe(one[i].ipv4.gateway);
    expect(two[i].vlanID).not.toBe(one[i].vlanID);
    expect(away[i].ipv4.gateway).not.toBe(one[i].ipv4.gateway);
  }
});

test("the types differ in how they attach: eMBB by a bridge, URLLC by SR-IOV, mMTC by ipvlan and IPv6", async () => {
  const attachments = await Promise.all(
    TYPES.map(async (type) => {
      const { spec } = await resource(planOf(type), "interface-n6.yaml");
      return [type, spec.cniType, spec.ipFamilyPolicy];
    }),
  );
  expect(attachments).toEqual([
    ["eMBB", "macvlan", "dual-stack"],
    ["URLLC", "sriov", "ipv4-only"],
    ["mMTC", "ipvlan", "ipv6-only"],
  ]);
});

test("a profile that a bridge cannot carry moves the user plane to SR-IOV and leaves N4 where it is", async () => {
  const plan = planOf("eMBB", { downlinkKbps: 2_000_000 });
  expect((await resource(plan, "interface-n3.yaml")).spec.cniType).toBe("sriov");
  expect((await resource(plan, "interface-n4.yaml")).spec.cniType).toBe("macvlan");
});

test("a million devices get an IPv6 prefix with a /64 for each", async () => {
  const { spec } = await resource(planOf("mMTC", { devices: 1_000_000 }), "dnn.yaml");
  expect(spec.pools).toEqual([{ name: "pool1", ipFamily: "ipv6", prefixLength: 44 }]);
});

test("more devices than any IPv4 pool holds are refused with the file", async () => {
  const result = await createEmbeddedKrm().render(inputOf(planOf("URLLC", { devices: 20_000_000 })), never());
  const line = "sites/edge1/slices/video-7/dnn.yaml: DataNetwork industrial-video-7: no ipv4 pool holds 20000000 sessions";
  expect(result).toEqual({
    ok: false,
    error: {
      stage: "render",
      reason: "invalid_package",
      message: `The package is not valid: ${line}`,
      retryable: false,
      details: [line],
      site: "edge1",
    },
  });
});

test.each(TYPES)("the same %s plan gives the same bytes, twice and with its keys in another order", async (type) => {
  const plan = planOf(type, { sites: ["edge1", "edge3"] });
  const first = await rendered(plan);
  expect(await rendered(plan)).toEqual(first);
  expect(await rendered(reversed(plan))).toEqual(first);
});

test("rendering what was rendered changes nothing", async () => {
  const files = await rendered(planOf("eMBB", { devices: 900_000 }));
  const items = files.map(({ path, content }) => {
    const object = parseResource(content);
    if (typeof object === "string") throw new Error(object);
    return withFile(object, path);
  });
  const again = runPipeline(items);
  expect(again.results).toEqual([]);
  expect(again.items.map((item) => ({ path: fileOf(item), content: canonicalYaml(item) }))).toEqual(files);
});

test("no file holds a path of a machine, a time or a tool's note", async () => {
  const files = await rendered(planOf("eMBB", { sites: ["edge1", "edge2"] }));
  for (const { content } of files) {
    expect(content).not.toMatch(/\/(home|tmp|root|work|usr|var)\/|internal\.config|kpt-merge|#|\d{4}-\d{2}-\d{2}T/);
    expect(content.endsWith("\n")).toBe(true);
  }
});

test("a long slice name is cut to a label in object names, and stays whole as namespace", async () => {
  const slice = `a${"b".repeat(61)}c`;
  const { metadata } = await resource(planOf("eMBB", { slice }), "upf.yaml");
  expect(metadata.namespace).toBe(slice);
  expect(metadata.name).toMatch(/^upf-ab{49}-[0-9a-f]{8}$|^upf-ab+-[0-9a-f]{8}$/);
  expect(metadata.name).toHaveLength(63);
});

test("whatever the SD, the numbers and the type: the package is valid and the S-NSSAI stays text", async () => {
  const plans = fc.record({
    type: fc.constantFrom(...TYPES),
    sd: fc.stringMatching(/^[0-9a-f]{6}$/),
    downlinkKbps: fc.double({ min: 0.1, max: 1e8, noNaN: true }),
    latencyMs: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    devices: fc.integer({ min: 1, max: 4_000_000 }),
  });
  await fc.assert(
    fc.asyncProperty(plans, async ({ type, ...change }) => {
      const { spec } = await resource(planOf(type, change), "nf-config.yaml");
      expect(spec.configRefs[0].spec.PLMNInfo[0].nssai[0].sd).toBe(change.sd);
    }),
    { numRuns: 60 },
  );
});

test("a template that is not YAML fails as invalid_package and names the file and the place", async () => {
  const blueprintsDir = blueprintsWith("embb/upf.yaml", (text) => text.replace("provider:", "provider: : ["));
  const result = await createEmbeddedKrm({ blueprintsDir }).render(inputOf(planOf("eMBB")), never());
  expect(result).toMatchObject({ ok: false, error: { stage: "render", reason: "invalid_package", retryable: false } });
  expect(result.ok ? [] : result.error.details).toEqual([
    expect.stringMatching(/^blueprints\/embb\/upf\.yaml: .+ at line \d+, column \d+$/),
  ]);
});

test("a blueprint that names a function nobody has is refused with its Kptfile", async () => {
  const blueprintsDir = blueprintsWith("mmtc/Kptfile", (text) => text.replace("slice-resources.ts", "rm-rf.ts"));
  const result = await createEmbeddedKrm({ blueprintsDir }).render(inputOf(planOf("mMTC")), never());
  expect(result.ok ? [] : result.error.details).toEqual([
    'sites/edge1/slices/video-7/Kptfile: the pipeline names the unknown function "rm-rf.ts"',
  ]);
});

test("a fired signal ends the render", async () => {
  const render = createEmbeddedKrm().render(inputOf(planOf("eMBB")), AbortSignal.abort(new Error("cancelled")));
  await expect(render).rejects.toThrow("cancelled");
});
