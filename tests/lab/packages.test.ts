// What a site refuses to apply, and what it takes: pure functions over files.
import { expect, test } from "vitest";
import { type ParsedFile, parseFile } from "../../lab/site/manifest.ts";
import { readPackages, type SitePackages } from "../../lab/site/packages.ts";
import { kustomization, siteFiles } from "./support.ts";

function read(files: Record<string, string | null>): SitePackages {
  const parsed = new Map<string, ParsedFile>();
  const listing = Object.entries(files).map(([path, text]) => {
    parsed.set(path, parseFile(text ?? ""));
    return { path, blob: path };
  });
  return readPackages(listing, parsed);
}

function inSite(files: Record<string, string | null>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace(/^sites\/[^/]+\//, ""), text]));
}

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;
const BOMB = `a: &a [${"x,".repeat(50)}]\nb: &b [${"*a,".repeat(50)}]\nc: [${"*b,".repeat(50)}]\n`;

test("an empty kustomization applies nothing and is no error", () => {
  expect(read({ "kustomization.yaml": kustomization([]) })).toEqual({ slices: new Map(), manifests: [], errors: [], failedAt: null });
});

test("a slice is its applied resources; the Kptfile and the slice intent stay out of the cluster", () => {
  const packages = read(inSite(siteFiles("edge1", { video: { latencyMs: 12 } })));
  expect(packages.errors).toEqual([]);
  expect(packages.manifests.map(({ group, kind, namespace: ns, name }) => [group, kind, ns, name])).toEqual([
    ["req.nephio.org", "Capacity", "video", "video"],
    ["", "Namespace", "", "video"],
    ["workload.nephio.org", "NFDeployment", "video", "video"],
  ]);
  expect(packages.slices.get("video")?.intent).toMatchObject({ spec: { profile: { dLLatency: 12 } } });
});

test("the digest of a slice moves with its files and with nothing else", () => {
  const digest = (slices: Parameters<typeof siteFiles>[1]) => {
    const files = inSite(siteFiles("edge1", slices));
    const parsed = new Map(Object.values(files).map((text) => [text ?? "", parseFile(text ?? "")]));
    return readPackages(
      Object.entries(files).map(([path, text]) => ({ path, blob: text ?? "" })),
      parsed,
    ).slices.get("video")?.digest;
  };
  expect(digest({ video: {}, other: {} })).toBe(digest({ video: {} }));
  expect(digest({ video: { downlink: "300M" } })).not.toBe(digest({ video: {} }));
});

test("a folder with a kustomization of its own is followed", () => {
  const packages = read({
    "kustomization.yaml": kustomization(["slices/video"]),
    "slices/video/kustomization.yaml": kustomization(["namespace.yaml"]),
    "slices/video/namespace.yaml": namespace("video"),
  });
  expect([packages.failedAt, [...packages.slices.keys()]]).toEqual([null, ["video"]]);
});

test.each([
  ["no kustomization", { "a.yaml": namespace("a") }, "rendering", "1068", /unable to find kustomization.yaml/],
  [
    "a file that does not exist",
    { "kustomization.yaml": kustomization(["gone.yaml"]) },
    "rendering",
    "1068",
    /gone.yaml, which does not exist/,
  ],
  ["a path out of the site", { "kustomization.yaml": kustomization(["../edge2/a.yaml"]) }, "rendering", "1068", /does not exist/],
  ["an absolute path", { "kustomization.yaml": kustomization(["/etc/passwd"]) }, "rendering", "1068", /does not exist/],
  [
    "a folder without kustomization",
    { "kustomization.yaml": kustomization(["b"]), "b/a.yaml": namespace("a") },
    "rendering",
    "1068",
    /unable to find/,
  ],
  [
    "a kustomization that names itself",
    { "kustomization.yaml": kustomization(["b"]), "b/kustomization.yaml": kustomization(["."]) },
    "rendering",
    "1068",
    /names itself/,
  ],
  [
    "what this simulation cannot do",
    { "kustomization.yaml": `${kustomization([])}namePrefix: x-\n` },
    "rendering",
    "1068",
    /not namePrefix/,
  ],
  ["broken YAML", { "kustomization.yaml": kustomization([]), "a.yaml": "a: [1" }, "source", "1006", /^a.yaml: /],
  ["a YAML bomb", { "kustomization.yaml": kustomization([]), "a.yaml": BOMB }, "source", "1006", /alias/],
  ["a document that is no object", { "kustomization.yaml": kustomization([]), "a.yaml": "- 1\n" }, "source", "1006", /not an object/],
  [
    "an unknown kind",
    { "kustomization.yaml": kustomization(["a.yaml"]), "a.yaml": "apiVersion: x/v1\nkind: Y\nmetadata: {name: a}\n" },
    "source",
    "1021",
    /x\/v1 Y/,
  ],
  [
    "no kind",
    { "kustomization.yaml": kustomization(["a.yaml"]), "a.yaml": "metadata: {name: a}\n" },
    "source",
    "1006",
    /apiVersion and kind/,
  ],
  [
    "no name",
    { "kustomization.yaml": kustomization(["a.yaml"]), "a.yaml": "apiVersion: v1\nkind: Namespace\n" },
    "source",
    "1031",
    /no metadata.name/,
  ],
  [
    "a bad name",
    { "kustomization.yaml": kustomization(["a.yaml"]), "a.yaml": namespace("A_b") },
    "source",
    "1036",
    /invalid metadata.name/,
  ],
  [
    "the same object twice",
    { "kustomization.yaml": kustomization(["a.yaml", "b.yaml"]), "a.yaml": namespace("a"), "b.yaml": namespace("a") },
    "source",
    "1029",
    /declared twice/,
  ],
])("%s is refused and nothing is applied", (_title, files, failedAt, code, message) => {
  const packages = read(files);
  expect([packages.failedAt, packages.manifests, packages.slices.size]).toEqual([failedAt, [], 0]);
  expect(packages.errors[0]).toMatchObject({ code, message: expect.stringMatching(message) });
});
