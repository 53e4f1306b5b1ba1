// A diff as it is shown: the lines of a patch with their numbers, files by site, colours, and hostile text as text.
import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { createElement } from "react";
import { expect, test } from "vitest";
import type { FileDiff } from "../../protocol/stage.ts";
import { CodeDiff } from "../../web/areas/approval/code-diff.tsx";
import { tokensOf } from "../../web/areas/approval/highlight.ts";
import { fitsOpen, groupsOf, parsePatch, sidesOf } from "../../web/state/diff-view.ts";
import { markup, textOf } from "./markup.tsx";

const file = (path: string, patch = "@@ -0,0 +1,1 @@\n+kind: A\n"): FileDiff => ({ path, change: "added", patch });

test("lines carry their numbers on both sides, and what only looks like a header is a line of the hunk", () => {
  const patch = "--- a/k.yaml\n+++ b/k.yaml\n@@ -3,3 +3,3 @@ resources:\n - one\n--- two\n+++ three\n last\n";
  expect(parsePatch(patch)).toEqual({
    lines: [
      { kind: "hunk", before: null, after: null, text: "@@ -3,3 +3,3 @@ resources:" },
      { kind: "same", before: 3, after: 3, text: "- one" },
      { kind: "removed", before: 4, after: null, text: "-- two" },
      { kind: "added", before: null, after: 4, text: "++ three" },
      { kind: "same", before: 5, after: 5, text: "last" },
    ],
    added: 1,
    removed: 1,
  });
});

test("a missing end of line is said beside its line and counts as none", () => {
  const patch = createTwoFilesPatch("a/x", "b/x", "a", "a\n");
  const { lines, added, removed } = parsePatch(patch);
  expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "hunk @@ -1,1 +1,1 @@",
    "removed a",
    "note No newline at end of file",
    "added a",
  ]);
  expect([added, removed]).toEqual([1, 1]);
});

test("several hunks go on with their own numbers", () => {
  const before = Array.from({ length: 40 }, (_none, line) => `line ${line}`).join("\n");
  const after = before.replace("line 3\n", "third\n").replace("line 33\n", "");
  const { lines } = parsePatch(createTwoFilesPatch("a/x", "b/x", before, after, undefined, undefined, { context: 1 }));
  expect(lines.filter(({ kind }) => kind !== "same")).toEqual([
    { kind: "hunk", before: null, after: null, text: "@@ -3,3 +3,3 @@" },
    { kind: "removed", before: 4, after: null, text: "line 3" },
    { kind: "added", before: null, after: 4, text: "third" },
    { kind: "hunk", before: null, after: null, text: "@@ -33,3 +33,2 @@" },
    { kind: "removed", before: 34, after: null, text: "line 33" },
  ]);
});

test("what stands beyond the counts of a hunk does not vanish, even where it looks like a header", () => {
  const { lines, added } = parsePatch("--- a/k\n+++ b/k\n@@ -1,1 +1,1 @@\n-a\n+b\n+hidden: true\n--- hidden\n@@ -9 +9 @@\n-c\n+d\nend\n");
  expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "hunk @@ -1,1 +1,1 @@",
    "removed a",
    "added b",
    "note +hidden: true",
    "note --- hidden",
    "hunk @@ -9 +9 @@",
    "removed c",
    "added d",
    "note end",
  ]);
  expect(added).toBe(2);
});

test.each([
  ["", []],
  ["--- /dev/null\n+++ b/empty\n", []],
  ["Binary files a/x and b/x differ\n", ["Binary files a/x and b/x differ"]],
])("a patch without a change of lines (%j) shows what it says", (patch, shown) => {
  const parsed = parsePatch(patch);
  expect(parsed).toEqual({ lines: shown.map((text) => ({ kind: "note", before: null, after: null, text })), added: 0, removed: 0 });
});

test("of any two files the lines of each side are those of the file, in order", () => {
  const text = fc
    .array(fc.constantFrom("a", "--- b", "+++ c", "@@ -1 +1 @@", "", "\\ d"), { maxLength: 12 })
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const patch = createTwoFilesPatch("a/x", "b/x", before, after, undefined, undefined, { context: 100 });
      const { lines } = parsePatch(patch);
      if (lines.length === 0) return before === after;
      const side = (own: "removed" | "added") => lines.filter(({ kind }) => kind === "same" || kind === own).map((line) => line.text);
      const whole = (words: string) => (words === "" ? [] : words.replace(/\n$/, "").split("\n"));
      expect([side("removed"), side("added")]).toEqual([whole(before), whole(after)]);
      return true;
    }),
  );
});

test("files are grouped by site, sites in the order of their numbers, and what is of no site comes last", () => {
  const groups = groupsOf([
    file("README.md"),
    file("sites/edge10/a.yaml"),
    file("sites/edge2/slices/x/b.yaml"),
    file("sites/edge2/c.yaml"),
  ]);
  expect(groups.map(({ site, files, added }) => [site, files.map(({ name }) => name), added])).toEqual([
    ["edge2", ["slices/x/b.yaml", "c.yaml"], 2],
    ["edge10", ["a.yaml"], 1],
    [null, ["README.md"], 1],
  ]);
});

test("a package of two sites is open at first, one of fifty sites or of thousands of lines is not", () => {
  const of = (files: number, lines: number) =>
    fitsOpen(
      groupsOf(Array.from({ length: files }, (_none, n) => file(`sites/e${n}/a`, `@@ -0,0 +1,${lines} @@\n${"+x\n".repeat(lines)}`))),
    );
  expect([of(16, 60), of(400, 5), of(2, 2_000)]).toEqual([true, false, false]);
});

test("YAML is coloured by what it is, each side of a hunk for itself, and no character is lost", () => {
  const patch = '@@ -1,3 +1,3 @@\n kind: Slice # one\n-count: 3\n+count: 40\n name: "x"\n';
  const { lines } = parsePatch(patch);
  expect(sidesOf(lines).map(({ text }) => text)).toEqual([
    'kind: Slice # one\ncount: 3\nname: "x"',
    'kind: Slice # one\ncount: 40\nname: "x"',
  ]);
  const tokens = tokensOf(lines);
  expect(tokens.get(1)?.filter(({ kind }) => kind !== "plain")).toEqual([
    { kind: "key", text: "kind:" },
    { kind: "text", text: "Slice" },
    { kind: "comment", text: "# one" },
  ]);
  expect(tokens.get(3)).toContainEqual({ kind: "value", text: "40" });
  for (const [place, shown] of tokens) expect(shown.map(({ text }) => text).join("")).toBe(lines[place]?.text);
});

test("a huge line is not coloured, and is cut until one asks for it", () => {
  const huge = `key: ${"x".repeat(100_000)}`;
  const one = file("sites/edge1/a.yaml", `@@ -0,0 +1,1 @@\n+${huge}\n`);
  expect(tokensOf(parsePatch(one.patch).lines).size).toBe(0);
  const page = markup(createElement(CodeDiff, { files: [one] }));
  expect(page.length).toBeLessThan(20_000);
  expect(page).toContain('data-testid="diff-whole"');
});

test("each changed line says by sign and by word what it is, and the sum says it in words", () => {
  const patch = "@@ -1,1 +1,2 @@\n-a: 1\n+a: 2\n+b: 3\n";
  const page = markup(createElement(CodeDiff, { files: [{ path: "sites/edge1/a.yaml", change: "modified", patch }] }));
  expect(page.match(/<div class="line added"/g)).toHaveLength(2);
  expect(textOf(page)).toContain("2 lines added, 1 lines removed");
  expect(page).toMatch(/class="line removed".*?−<\/span><code><span class="visually-hidden">removed <\/span>/);
  expect(textOf(markup(createElement(CodeDiff, { files: [] })))).toContain("No file changes.");
  expect(textOf(markup(createElement(CodeDiff, { files: [] }), "zh-TW"))).toContain("沒有檔案變更。");
});

test("hostile paths and lines stay text, and nothing in them is hidden", () => {
  const evil = `<script>alert(1)</script><img src=x>\u001b[31m\u202egnp`;
  const page = markup(
    createElement(CodeDiff, { files: [file(`sites/${evil}/${evil}`, `@@ -0,0 +1,1 @@\n+a: ${evil}\n`), file(evil, evil)] }),
  );
  expect(page).not.toMatch(/<script|<img/);
  const said = [textOf(page), ...[...page.matchAll(/(?:title|aria-label)="([^"]*)"/g)].map((match) => match[1])].join("\n");
  for (const hidden of ["\u001b", "\u202e"]) expect(said).not.toContain(hidden);
  expect(page).toContain("⟨U+202E⟩");
});
