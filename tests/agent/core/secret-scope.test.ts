// Which secrets of the machine a site may name: those of the agent's file, and those that are open to sites added through the API.
import { expect, test } from "vitest";
import { AgentConfig } from "../../../agent/config.ts";
import { mayUse } from "../../../agent/secret-scope.ts";
import type { SecretRef } from "../../../protocol/site.ts";

const config = AgentConfig.parse({
  repository: { url: "https://git.example.org/sites.git", passwordRef: { env: "GIT_PASSWORD" } },
  sites: [
    {
      id: "edge1",
      kube: { url: "https://edge1.example.org", tokenRef: { file: "/etc/agent/edge1.token" } },
      o2ims: { url: "https://edge1.example.org" },
      prometheus: { url: "https://edge1.example.org", tokenRef: { env: "EDGE1_PROM" } },
      capacity: { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 },
    },
  ],
});

test.each<[SecretRef, boolean]>([
  [{ env: "GIT_PASSWORD" }, true],
  [{ env: "EDGE1_PROM" }, true],
  [{ file: "/etc/agent/edge1.token" }, true],
  [{ env: "SITE_EDGE7_TOKEN" }, true],
  [{ file: "/var/lib/agent/secrets/edge7/token" }, true],
  [{ env: "AWS_SECRET_ACCESS_KEY" }, false],
  [{ env: "MY_SITE_TOKEN" }, false],
  [{ file: "/etc/shadow" }, false],
  [{ file: "/var/lib/agent/secrets/../credential.json" }, false],
  [{ file: "/var/lib/agent/secrets" }, false],
  [{ file: "/var/lib/agent/secrets-of-others/token" }, false],
])("%j may be used: %s", (ref, allowed) => {
  expect(mayUse(ref, { config, secretsDir: "/var/lib/agent/secrets" })).toBe(allowed);
});
