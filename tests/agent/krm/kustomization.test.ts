import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import { inputOf, never, planOf, runs, tempDir } from "./fixtures.ts";

const HAS_KUBECTL = runs("kubectl", ["version", "--client"]);

test("the resources of every slice are listed once and sorted, without what is local configuration", () => {
  const paths = [
    "slices/video/upf.yaml",
    "slices/video/Kptfile",
    "slices/video/slice-intent.yaml",
    "sites/edge1/slices/cam/namespace.yaml",
    "slices/video/capacity.yaml",
    "slices/video/upf.yaml",
    "kustomization.yaml",
    "slices/video/README.md",
  ];
  expect(kustomizationFor(paths)).toBe(`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - slices/cam/namespace.yaml
  - slices/video/capacity.yaml
  - slices/video/upf.yaml
`);
  expect(kustomizationFor(paths.toReversed())).toBe(kustomizationFor(paths));
});

test("a site without slices has an empty list", () => {
  expect(kustomizationFor([])).toBe("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n");
});

function build(dir: string): string {
  return execFileSync("kubectl", ["kustomize", dir], { encoding: "utf8", timeout: 20_000 });
}

test.skipIf(!HAS_KUBECTL)("kubectl builds a site of three slices from it (skipped where kubectl is not on PATH)", async () => {
  const root = tempDir();
  const paths: string[] = [];
  for (const [type, slice] of [
    ["eMBB", "video"],
    ["URLLC", "robot"],
    ["mMTC", "meters"],
  ] as const) {
    const result = await createEmbeddedKrm().render(inputOf(planOf(type, { slice })), never());
    for (const file of result.ok ? result.value : []) {
      mkdirSync(path.join(root, path.dirname(file.path)), { recursive: true });
      writeFileSync(path.join(root, file.path), file.content);
      paths.push(file.path);
    }
  }
  writeFileSync(path.join(root, "sites/edge1/kustomization.yaml"), kustomizationFor(paths));
  const built = parseAllDocuments(build(path.join(root, "sites/edge1"))).map((document) => {
    const { kind, metadata } = document.toJS();
    return `${metadata.namespace ?? metadata.name}/${kind}`;
  });
  const kinds = ["Capacity", "DataNetwork", "Interface", "Interface", "Interface", "NFConfig", "NFDeployment", "NFDeployment", "Namespace"];
  expect(built.toSorted()).toEqual(["meters", "robot", "video"].flatMap((slice) => kinds.map((kind) => `${slice}/${kind}`)));
});

test.skipIf(!HAS_KUBECTL)("kubectl accepts the empty site (skipped where kubectl is not on PATH)", () => {
  const dir = tempDir();
  writeFileSync(path.join(dir, "kustomization.yaml"), kustomizationFor([]));
  expect(build(dir)).toBe("");
});
