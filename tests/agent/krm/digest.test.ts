import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { digestOf } from "../../../agent/krm/digest.ts";

const A = { path: "sites/edge1/slices/s/a.yaml", content: "a: é\n" };
const B = { path: "sites/edge1/slices/s/b.yaml", content: "b: 1\n" };

test("the digest is the SHA-256 over length-prefixed paths and bytes in path order", () => {
  const bytes = "27:sites/edge1/slices/s/a.yaml6:a: é\n27:sites/edge1/slices/s/b.yaml5:b: 1\n";
  expect(digestOf([B, A])).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
});

test("the order of the files does not matter, and every path and byte does", () => {
  const digest = digestOf([A, B]);
  expect(digestOf([B, A])).toBe(digest);
  expect(digestOf([A])).not.toBe(digest);
  expect(digestOf([A, { ...B, content: "b: 2\n" }])).not.toBe(digest);
  expect(digestOf([A, { ...B, path: "sites/edge2/slices/s/b.yaml" }])).not.toBe(digest);
});

test("bytes moved from a path into a content are another tree", () => {
  expect(digestOf([{ path: "ab", content: "c" }])).not.toBe(digestOf([{ path: "a", content: "bc" }]));
});
