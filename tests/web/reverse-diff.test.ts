// A diff read backwards: what a rollback would change.
import fc from "fast-check";
import { expect, test } from "vitest";
import { reverseDiff } from "../../web/state/reverse-diff.ts";

test("an added file becomes a removed one", () => {
  const patch = "--- /dev/null\n+++ b/sites/edge1/a.yaml\n@@ -0,0 +1,2 @@\n+kind: A\n+--- not a header\n";
  expect(reverseDiff({ path: "sites/edge1/a.yaml", change: "added", patch })).toEqual({
    path: "sites/edge1/a.yaml",
    change: "removed",
    patch: "--- a/sites/edge1/a.yaml\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-kind: A\n---- not a header\n",
  });
});

test("a changed line changes back, its surroundings stay", () => {
  const patch = "--- a/k.yaml\n+++ b/k.yaml\n@@ -1,3 +1,3 @@ resources:\n - one\n-- two\n+- three\n";
  expect(reverseDiff({ path: "k.yaml", change: "modified", patch }).patch).toBe(
    "--- a/k.yaml\n+++ b/k.yaml\n@@ -1,3 +1,3 @@ resources:\n - one\n+- two\n-- three\n",
  );
});

test("read backwards twice, a diff is itself", () => {
  const line = fc.tuple(
    fc.constantFrom("+", "-", " "),
    fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\n", "")),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const body = lines.map(([sign, text]) => sign + text).join("\n");
      const file = { path: "p", change: "modified" as const, patch: `--- a/p\n+++ b/p\n@@ -1,9 +1,8 @@\n${body}` };
      expect(reverseDiff(reverseDiff(file))).toEqual(file);
    }),
  );
});
