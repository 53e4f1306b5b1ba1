import { expect, test } from "vitest";
import { parse } from "yaml";
import { canonicalYaml } from "../../../agent/krm/canonical.ts";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { validateFiles } from "../../../agent/krm/validate.ts";
import type { RenderedFile } from "../../../protocol/stage.ts";
import { inputOf, never, planOf } from "./fixtures.ts";

const FOLDER = "sites/edge1/slices/video-7";

async function package_(): Promise<RenderedFile[]> {
  const result = await createEmbeddedKrm().render(inputOf(planOf("eMBB")), never());
  return result.ok ? result.value : [];
}

/** Findings after one file of a sound package was changed. */
// biome-ignore lint/suspicious/noExplicitAny: a test breaks resources in ways no type allows.
async function findings(file: string, change: (resource: any) => void): Promise<string[]> {
  const files = await package_();
  const broken = files.map(({ path, content }) => {
    if (path !== `${FOLDER}/${file}`) return { path, content };
    const resource = parse(content);
    change(resource);
    return { path, content: canonicalYaml(resource) };
  });
  return validateFiles(broken);
}

test("a rendered package has no findings", async () => {
  expect(validateFiles(await package_())).toEqual([]);
});

test("a kind that we do not emit is refused", async () => {
  const files = await package_();
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "x", namespace: "video-7" } };
  const lines = validateFiles([...files, { path: `${FOLDER}/secret.yaml`, content: canonicalYaml(secret) }]);
  expect(lines[0]).toBe(`${FOLDER}/secret.yaml: Secret x: a package may not hold v1 Secret`);
});

test("an unknown field, a missing one and a wrong value are each named", async () => {
  const lines = await findings("capacity.yaml", (resource) => {
    resource.spec.extra = 1;
    delete resource.spec.maxSessions;
    resource.spec.maxSubscribers = 0;
  });
  const at = `${FOLDER}/capacity.yaml: Capacity capacity-video-7:`;
  expect(lines).toEqual([
    `${at} spec.maxSessions is missing`,
    `${at} spec.extra is not a field of it`,
    `${at} spec.maxSubscribers must be >= 1`,
    `${at} maxSubscribers must be above zero`,
  ]);
});

test("another S-NSSAI in the NFConfig than the slice's is refused", async () => {
  const lines = await findings("nf-config.yaml", (resource) => {
    resource.spec.configRefs[0].spec.PLMNInfo[0].nssai[0].sd = "00002b";
  });
  expect(lines).toEqual([`${FOLDER}/nf-config.yaml: NFConfig nf-config-video-7: must carry the S-NSSAI 1-00002a only`]);
});

test("an NFConfig without the QoS of the slice is refused", async () => {
  const lines = await findings("nf-config.yaml", (resource) => {
    resource.spec.configRefs[1] = resource.spec.configRefs[0];
  });
  expect(lines).toEqual([`${FOLDER}/nf-config.yaml: NFConfig nf-config-video-7: configRefs has no QosProfile`]);
});

test("references that lead nowhere are refused: NFConfig, interface, network instance, owner", async () => {
  expect(await findings("upf.yaml", (resource) => (resource.spec.parametersRefs[0].name = "gone"))).toEqual([
    `${FOLDER}/upf.yaml: NFDeployment upf-video-7: NFConfig gone is not in the package`,
  ]);
  expect(await findings("upf.yaml", (resource) => (resource.spec.interfaces[0].name = "n9"))).toEqual([
    `${FOLDER}/upf.yaml: NFDeployment upf-video-7: interface n9 has no Interface`,
    `${FOLDER}/upf.yaml: NFDeployment upf-video-7: a network instance names the unknown interface n3`,
  ]);
  expect(await findings("dnn.yaml", (resource) => (resource.spec.networkInstance.name = "vpc-mars"))).toEqual([
    `${FOLDER}/dnn.yaml: DataNetwork internet-video-7: no network function has the network instance vpc-mars`,
  ]);
  const owner = "workload.nephio.org/v1alpha1.NFDeployment.upf-other";
  expect(await findings("capacity.yaml", (resource) => (resource.metadata.annotations["specializer.nephio.org/owner"] = owner))).toEqual([
    `${FOLDER}/capacity.yaml: Capacity capacity-video-7: its owner ${owner} is not in the package`,
  ]);
});

test("a resource outside the namespace of the slice, or twice in it, is refused", async () => {
  expect(await findings("smf.yaml", (resource) => (resource.metadata.namespace = "kube-system"))).toEqual([
    `${FOLDER}/smf.yaml: NFDeployment smf-video-7: must be in namespace "video-7"`,
  ]);
  const twice = await findings("interface-n4.yaml", (resource) => (resource.metadata.name = "n3-video-7"));
  expect(twice).toEqual([`${FOLDER}/interface-n4.yaml: Interface n3-video-7: is there twice`]);
});

test("a label that names another intent is refused", async () => {
  const lines = await findings("namespace.yaml", (resource) => (resource.metadata.labels["intent-control-center.dev/intent-id"] = "int_x"));
  expect(lines).toEqual([
    `${FOLDER}/namespace.yaml: Namespace video-7: label intent-control-center.dev/intent-id must be int_01k9zq3v7w8x0123456789abcd`,
  ]);
});

test("a missing resource is named", async () => {
  const files = (await package_()).filter(({ path }) => !path.endsWith("/namespace.yaml") && !path.endsWith("/interface-n6.yaml"));
  expect(validateFiles(files)).toEqual([
    `${FOLDER}: the package has no Namespace`,
    `${FOLDER}: the package has no Interface n6`,
    `${FOLDER}/upf.yaml: NFDeployment upf-video-7: interface n6 has no Interface`,
  ]);
});

test("a function given by a path of a machine is refused", async () => {
  const lines = await findings("Kptfile", (resource) => (resource.pipeline.mutators[0].exec = "/home/me/fn.ts"));
  expect(lines).toEqual([expect.stringMatching(`^${FOLDER}/Kptfile: Kptfile slice-embb: pipeline.mutators.0.exec must match pattern`)]);
});

test("bytes that our writer would not write are refused, and so is a file in another place", async () => {
  const files = await package_();
  const commented = files.map((file) => (file.path.endsWith("upf.yaml") ? { ...file, content: `# hi\n${file.content}` } : file));
  expect(validateFiles(commented)).toEqual([`${FOLDER}/upf.yaml: is not in canonical form`]);
  expect(validateFiles([...files, { path: "sites/edge1/slices/../x.yaml", content: "a: 1\n" }])).toEqual([
    "sites/edge1/slices/../x.yaml: is not a file of a slice package",
  ]);
  const moved = files.map((file) => ({ ...file, path: file.path.replace("edge1", "edge2") }));
  expect(validateFiles(moved)).toEqual(["sites/edge2/slices/video-7: holds the package of another place"]);
});

test.each(["default", "kube-system", "config-management-system", "flux-system"])(
  "a slice named %s, a place of the cluster's own, is refused",
  async (slice) => {
    const result = await createEmbeddedKrm().render(inputOf(planOf("eMBB", { slice })), never());
    expect(result.ok ? [] : result.error.details).toEqual([`sites/edge1/slices/${slice}: "${slice}" is a name of the cluster's own`]);
  },
);
