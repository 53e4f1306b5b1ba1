// What a command would change, told before it is given; and where its repository is to be looked at.
import { expect, test } from "vitest";
import { OperationsPolicy } from "../../protocol/policy.ts";
import type { FileDiff } from "../../protocol/stage.ts";
import { approvalsFor, dryRunOf, plannedFor, productionAmong, takenBack } from "../../web/state/change-preview.ts";
import { commitLink, repositoryLink } from "../../web/state/repository-link.ts";
import { COMMIT, failure, record, site } from "./sample.ts";

function added(path: string): FileDiff {
  return { path, change: "added", patch: `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+kind: A\n` };
}

test("a rollback at one site puts back that site's files only, and no site of a similar name", () => {
  const files = [added("sites/edge1/a.yaml"), added("sites/edge10/a.yaml"), added("sites/edge2/a.yaml")];
  expect(takenBack(files, ["edge1"])).toEqual([
    {
      path: "sites/edge1/a.yaml",
      change: "removed",
      patch: "--- a/sites/edge1/a.yaml\n+++ /dev/null\n@@ -1 +0,0 @@\n-kind: A\n",
    },
  ]);
  expect(takenBack(files, ["edge2", "edge10"]).map((file) => file.path)).toEqual(["sites/edge10/a.yaml", "sites/edge2/a.yaml"]);
  expect(takenBack(files, [])).toEqual([]);
});

test("production is told of the sites that are concerned only", () => {
  const known = [site("edge1", { production: true }), site("edge2"), site("edge3", { production: true })];
  expect(productionAmong(known, ["edge1", "edge2", "gone"])).toEqual(["edge1"]);
});

test("an approval is foreseen by the marks of the sites and by the policy", () => {
  const known = [site("edge1", { labels: { Environment: "Production" } }), site("edge2")];
  const open = OperationsPolicy.parse({});
  expect(approvalsFor({ action: "rollback", sites: ["edge2"], policy: open, known })).toEqual([]);
  expect(approvalsFor({ action: "rollback", sites: ["edge1", "edge2"], policy: open, known })).toEqual(["edge1 is a production site"]);
  const strict = OperationsPolicy.parse({ approval: { actions: ["terminate"] } });
  expect(approvalsFor({ action: "terminate", sites: ["edge2"], policy: strict, known })).toHaveLength(1);
  expect(approvalsFor({ action: "scale", sites: ["edge2"], policy: strict, known })).toEqual([]);
});

test("a dry run waits until its diff is there, and says when it came to nothing", () => {
  const dry = record({ dryRun: true });
  expect(dryRunOf(null)).toEqual({ state: "waiting", for: null });
  expect(dryRunOf({ ...dry, status: "parsing", waitingFor: "agent" })).toEqual({ state: "waiting", for: "agent" });
  expect(dryRunOf({ ...dry, status: "parsed", diff: null })).toEqual({ state: "waiting", for: null });
  const files = [added("sites/edge1/a.yaml")];
  expect(dryRunOf({ ...dry, status: "parsed", diff: files })).toEqual({ state: "planned", files });
  const why = failure({ stage: "plan", reason: "conflict" });
  expect(dryRunOf({ ...dry, status: "rejected", failure: why })).toEqual({ state: "refused", failure: why });
  expect(dryRunOf({ ...dry, status: "cancelled" })).toEqual({ state: "refused", failure: null });
});

test("a removal that was planned for other sites is no preview of this one, however late the answer came", () => {
  const planned = { intentId: "int_1", sites: ["edge1", "edge2"] };
  expect(plannedFor(null, [])).toBeNull();
  expect(plannedFor(planned, ["edge2", "edge1"])).toBe("int_1");
  for (const sites of [[], ["edge1"], ["edge1", "edge3"], ["edge1", "edge2", "edge3"]]) expect(plannedFor(planned, sites)).toBeNull();
});

test.each([
  ["https://github.com/acme/sites.git", `https://github.com/acme/sites/commit/${COMMIT}`],
  ["https://gitlab.example.org/net/sites.git", `https://gitlab.example.org/net/sites/-/commit/${COMMIT}`],
  ["http://gitea.lab:3000/net/sites", `http://gitea.lab:3000/net/sites/commit/${COMMIT}`],
  ["https://bot:secret@github.com/acme/sites/", `https://github.com/acme/sites/commit/${COMMIT}`],
  ["http://127.0.0.1:8790/git/sites.git", null],
  ["https://evil.example/github.com/x", null],
  ["https://notgithub.com/acme/sites", null],
  ["ssh://git@github.com/acme/sites.git", null],
  ["git@github.com:acme/sites.git", null],
  ["javascript:alert(1)//github.com", null],
])("the commit's page of %s is %s", (address, link) => {
  expect(commitLink(address, COMMIT)).toBe(link);
});

test("no repository, no page of a commit", () => {
  expect(commitLink(null, COMMIT)).toBeNull();
});

test.each([
  ["http://127.0.0.1:8790/git/sites.git", { shown: "http://127.0.0.1:8790/git/sites.git", href: "http://127.0.0.1:8790/git/sites.git" }],
  ["https://bot:secret@git.example/x.git?token=1", { shown: "https://git.example/x.git", href: "https://git.example/x.git" }],
  ["ssh://bot:secret@git.example/x.git", { shown: "ssh://git.example/x.git", href: null }],
  ["javascript:alert(1)", { shown: "javascript:alert(1)", href: null }],
  ["data:text/html,<script>", { shown: "data:text/html,<script>", href: null }],
])("%s is a link only where a browser should open it, and shows no credential", (address, link) => {
  expect(repositoryLink(address)).toEqual(link);
});
