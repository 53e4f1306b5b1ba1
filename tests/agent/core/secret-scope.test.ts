// Which secrets of the machine go to which address: those of the agent's file to the file's own, and those open to added sites.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AgentConfig } from "../../../agent/config.ts";
import { createSecretScope } from "../../../agent/secret-scope.ts";
import type { SecretRef } from "../../../protocol/site.ts";

const KUBE = "https://edge1.example.org/kube";
const PROMETHEUS = "https://edge1.example.org/prometheus";
const ELSEWHERE = "https://somebody.example.net";

const { sites } = AgentConfig.parse({
  repository: { url: "https://git.example.org/sites.git", passwordRef: { env: "GIT_PASSWORD" } },
  sites: [
    {
      id: "edge1",
      kube: { url: KUBE, tokenRef: { file: "/etc/agent/edge1.token" } },
      o2ims: { url: "https://edge1.example.org/o2ims" },
      prometheus: { url: PROMETHEUS, tokenRef: { env: "EDGE1_PROM" } },
      capacity: { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 },
    },
  ],
});

test.each<[SecretRef, string, boolean]>([
  [{ file: "/etc/agent/edge1.token" }, KUBE, true],
  [{ env: "EDGE1_PROM" }, PROMETHEUS, true],
  [{ file: "/etc/agent/edge1.token" }, ELSEWHERE, false],
  [{ env: "EDGE1_PROM" }, ELSEWHERE, false],
  [{ env: "EDGE1_PROM" }, KUBE, false],
  [{ env: "GIT_PASSWORD" }, ELSEWHERE, false],
  [{ env: "GIT_PASSWORD" }, "https://git.example.org/sites.git", false],
  [{ env: "SITE_EDGE7_TOKEN" }, ELSEWHERE, true],
  [{ file: "/var/lib/agent/secrets/edge7/token" }, ELSEWHERE, true],
  [{ env: "AWS_SECRET_ACCESS_KEY" }, ELSEWHERE, false],
  [{ env: "MY_SITE_TOKEN" }, ELSEWHERE, false],
  [{ file: "/etc/shadow" }, ELSEWHERE, false],
  [{ file: "/var/lib/agent/secrets/../credential.json" }, ELSEWHERE, false],
  [{ file: "/var/lib/agent/secrets" }, ELSEWHERE, false],
  [{ file: "/var/lib/agent/secrets-of-others/token" }, ELSEWHERE, false],
])("%j may be sent to %s: %s", async (ref, url, allowed) => {
  const scope = createSecretScope({ sites, secretsDir: "/var/lib/agent/secrets" });
  expect(await scope.permitted(ref, url)).toEqual(allowed ? ref : null);
});

test("an address is declared with its own reference only", () => {
  const { declares } = createSecretScope({ sites, secretsDir: "/var/lib/agent/secrets" });
  const [edge1] = sites;
  expect([edge1?.kube, edge1?.o2ims, edge1?.prometheus].map((place) => place !== undefined && declares(place))).toEqual([true, true, true]);
  expect([declares({ url: KUBE }), declares({ url: KUBE, tokenRef: { env: "EDGE1_PROM" } }), declares({ url: ELSEWHERE })]).toEqual([
    ...[false, false, false],
  ]);
});

test("links are followed: one that stays in the folder is read where it leads, one that leads out is not", async () => {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "secret-scope-")));
  onTestFinished(() => rm(dir, { recursive: true }));
  const secretsDir = join(dir, "secrets");
  await mkdir(join(secretsDir, "data"), { recursive: true });
  await writeFile(join(secretsDir, "data", "token"), "inside");
  await writeFile(join(dir, "credential.json"), "outside");
  await symlink(join("data", "token"), join(secretsDir, "inward"));
  await symlink(join("..", "credential.json"), join(secretsDir, "outward"));
  await symlink(dir, join(secretsDir, "up"));
  const { permitted } = createSecretScope({ sites, secretsDir });
  const asked = ["inward", "outward", "up/credential.json", "missing"].map((name) =>
    permitted({ file: join(secretsDir, name) }, ELSEWHERE),
  );
  expect(await Promise.all(asked)).toEqual([
    { file: join(secretsDir, "data", "token") },
    null,
    null,
    { file: join(secretsDir, "missing") },
  ]);
});
