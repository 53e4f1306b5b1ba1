import { expect, test } from "vitest";
import { loadAgentConfig, parseAgentConfig } from "../../../agent/config.ts";

const site = (id: string, aliases = "[]") => `
  - id: ${id}
    aliases: ${aliases}
    kube: { url: "http://127.0.0.1:1/kube" }
    o2ims: { url: "http://127.0.0.1:1/o2" }
    prometheus: { url: "http://127.0.0.1:1/prom", tokenRef: { env: PROM_TOKEN } }
    capacity: { downlinkMbps: 1000, uplinkMbps: 500, maxDevices: 100 }`;
const repository = "repository:\n  url: http://127.0.0.1:1/git/sites.git\n  passwordRef: { file: /run/secrets/git }\n";

test("the example in deploy/ is a configuration", async () => {
  const config = await loadAgentConfig("deploy/agent.example.yaml");
  expect(config.sites.map((site) => site.id)).toEqual(["edge1"]);
});

test("a configuration is read with its defaults", () => {
  const config = parseAgentConfig(`${repository}sites:${site("edge1", "[VM-2]")}${site("edge2")}`, "agent.yaml");
  expect(config.repository).toEqual({ url: "http://127.0.0.1:1/git/sites.git", branch: "main", passwordRef: { file: "/run/secrets/git" } });
  expect(config.sites.map(({ id, aliases, kube }) => ({ id, aliases, kube }))).toEqual([
    { id: "edge1", aliases: ["VM-2"], kube: { url: "http://127.0.0.1:1/kube", sync: "configsync", name: "root-sync" } },
    { id: "edge2", aliases: [], kube: { url: "http://127.0.0.1:1/kube", sync: "configsync", name: "root-sync" } },
  ]);
});

test.for([
  ["two sites of one id", `${repository}sites:${site("edge1")}${site("edge1")}`, 'sites[1].id: "edge1" already names sites[0]'],
  [
    "an alias that is another site's id",
    `${repository}sites:${site("edge1", "[edge2]")}${site("edge2")}`,
    'sites[1].id: "edge2" already names sites[0]',
  ],
  ["a site id that is no DNS label", `${repository}sites:${site('"../edge1"')}`, "sites[0].id"],
  ["an unknown key", `${repository}sites:${site("edge1")}\n    password: x`, "sites[0].password"],
  ["a repository that runs commands", `repository: { url: "ext::sh -c id" }\nsites:${site("edge1")}`, "repository.url"],
  ["a password in the address", `repository: { url: "https://u:p@host/r.git" }\nsites:${site("edge1")}`, "use passwordRef"],
  ["a branch that climbs", `repository: { url: /srv/r.git, branch: ../x }\nsites:${site("edge1")}`, "repository.branch"],
  ["no sites", `${repository}sites: []`, "sites"],
  ["text that is not YAML", "repository: [", "is not YAML"],
] as const)("%s is refused with its place in the file", ([, text, message]) => {
  expect(() => parseAgentConfig(text, "agent.yaml")).toThrow(message);
});

test("the error tells the line", () => {
  expect(() => parseAgentConfig(`${repository}sites:${site("edge1")}${site("edge1")}`, "agent.yaml")).toThrow("agent.yaml:11 sites[1].id");
});

test("a file that is not there names the variable that points to it", async () => {
  await expect(loadAgentConfig("/nowhere/agent.yaml")).rejects.toThrow("AGENT_CONFIG names the agent's configuration file");
});
