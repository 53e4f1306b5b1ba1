import { expect, test } from "vitest";
import { parse } from "yaml";
import { canonicalYaml } from "../../../agent/krm/canonical.ts";

test("keys come in one order, at the top, in metadata and in resources inside resources", () => {
  const inner = { spec: {}, metadata: { namespace: "s", name: "plmn" }, kind: "PLMN", apiVersion: "v1" };
  const resource = {
    zeta: 1,
    spec: { refs: [inner], pools: [{ prefixLength: 24, name: "pool1" }], alpha: true },
    metadata: { annotations: { b: "2", a: "1" }, labels: { z: "1" }, generation: 3, namespace: "s", name: "x" },
    data: "d",
    kind: "Thing",
    apiVersion: "v1",
  };
  expect(canonicalYaml(resource)).toBe(`apiVersion: v1
kind: Thing
metadata:
  name: x
  namespace: s
  labels:
    z: "1"
  annotations:
    a: "1"
    b: "2"
  generation: 3
spec:
  alpha: true
  pools:
    - name: pool1
      prefixLength: 24
  refs:
    - apiVersion: v1
      kind: PLMN
      metadata:
        name: plmn
        namespace: s
      spec: {}
data: d
zeta: 1
`);
});

test("the notes of tools and a status are dropped, and annotations that are empty then too", () => {
  const notes = {
    "internal.config.kubernetes.io/path": "a.yaml",
    "internal.config.kubernetes.io/package-path": "/tmp/x",
    "config.kubernetes.io/path": "a.yaml",
    "config.kubernetes.io/index": "0",
    "config.k8s.io/id": "1",
    "internal.kpt.dev/upstream-identifier": "v1|Thing|s|x",
  };
  const kptfile = { apiVersion: "kpt.dev/v1", kind: "Kptfile", metadata: { name: "x", annotations: notes }, status: { renderStatus: {} } };
  expect(canonicalYaml(kptfile)).toBe("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: x\n");
  const kept = { ...notes, "config.kubernetes.io/local-config": "true" };
  expect(parse(canonicalYaml({ ...kptfile, metadata: { name: "x", annotations: kept } })).metadata.annotations).toEqual({
    "config.kubernetes.io/local-config": "true",
  });
});

test.each(["0b0101", "1e1000", "000001", "123456", "0x12ab", "12_345", "1:20", "no", "null", "~", "2026-11-20", "true"])(
  "the text %s is quoted, so that no reader takes it for something else",
  (sd) => {
    expect(canonicalYaml({ kind: "x", sd })).toBe(`kind: x\nsd: "${sd}"\n`);
  },
);

test("a value that occurs twice is written twice, and a long line is not folded", () => {
  const shared = { sst: 1 };
  const long = "word ".repeat(60).trim();
  expect(canonicalYaml({ a: shared, b: shared, c: long })).toBe(`a:\n  sst: 1\nb:\n  sst: 1\nc: ${long}\n`);
});
