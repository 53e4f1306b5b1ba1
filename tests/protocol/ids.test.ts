// Identifiers: unique, sorted by time, and nothing that could leave a path or a command line.
import fc from "fast-check";
import { expect, test } from "vitest";
import { CommitSha, DeploymentId, DnsLabel, IntentId, JobId, newId } from "../../protocol/ids.ts";
import { RenderedFile } from "../../protocol/stage.ts";

test("an id has its prefix, 26 characters, and fits its own schema only", () => {
  const id = newId("int");
  expect(id).toMatch(/^int_[0-9a-hjkmnp-tv-z]{26}$/);
  expect([IntentId, JobId, DeploymentId].map((schema) => schema.safeParse(id).success)).toEqual([true, false, false]);
});

test("ids sort by the time they were made at", () => {
  const times = fc.integer({ min: 0, max: 2 ** 45 });
  const property = fc.property(times, times, (a, b) => {
    fc.pre(a !== b);
    expect(newId("job", a) < newId("job", b)).toBe(a < b);
  });
  fc.assert(property);
});

test("100,000 ids of the same millisecond are all different", () => {
  expect(new Set(Array.from({ length: 100_000 }, () => newId("evt", 1_000))).size).toBe(100_000);
});

test.each([
  "int_",
  "int_01K00000000000000000000000",
  "int_../../../../../etc/passwd..",
  "int_01k0000000000000000000000;",
  "job_01k00000000000000000000000",
])("%s is no intent id", (id) => {
  expect(IntentId.safeParse(id).success).toBe(false);
});

const LABELS: [string, boolean][] = [
  ["a", true],
  ["edge1", true],
  ["video-7", true],
  ["0", true],
  ["a--b", true],
  ["a".repeat(63), true],
  ["a".repeat(64), false],
  ["", false],
  ["-a", false],
  ["a-", false],
  ["Edge1", false],
  ["edge_1", false],
  ["edge.1", false],
  ["../edge1", false],
  ["edge1/..", false],
  ["edge1 ", false],
  ["edge1\n", false],
  ["edge1;reboot", false],
  ["$(id)", false],
  ["`id`", false],
  ["édge", false],
  ["edge１", false],
];

test.each(LABELS)("%j as a DNS label: %s", (name, valid) => {
  expect(DnsLabel.safeParse(name).success).toBe(valid);
});

test("nothing that a DNS label lets through has a meaning to a shell, a path or a ref", () => {
  const property = fc.property(fc.string(), (name) => {
    if (DnsLabel.safeParse(name).success) expect(name).toMatch(/^[a-z0-9-]+$/);
  });
  fc.assert(property, { numRuns: 2_000 });
});

test.each([
  ["sites/edge1/slices/video/upf.yaml", true],
  ["sites/edge1/kustomization.yaml", true],
  ["sites/edge1/../edge2/x.yaml", false],
  ["sites/../x.yaml", false],
  ["/sites/edge1/x.yaml", false],
  ["sites/Edge1/x.yaml", false],
  ["sites/edge1/x y.yaml", false],
  ["sites/edge1/$(id)", false],
  [".git/hooks/pre-commit", false],
])("%j as the path of a rendered file: %s", (path, valid) => {
  expect(RenderedFile.safeParse({ path, content: "" }).success).toBe(valid);
});

test.each([
  ["0123456789abcdef0123456789abcdef01234567", true],
  ["0123456", false],
  ["main", false],
  ["--upload-pack=x", false],
  ["0123456789ABCDEF0123456789ABCDEF01234567", false],
])("%j as a commit id: %s", (commit, valid) => {
  expect(CommitSha.safeParse(commit).success).toBe(valid);
});
