import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { settlePort } from "../../lab/ports.ts";
import { readStartEnv } from "../../lab/start-env.ts";

test("without variables the defaults of the contract hold", () => {
  const env = readStartEnv({}, true);
  expect({ port: env.port, agentPort: env.agentPort, labPort: env.lab.port, sites: env.lab.sites, token: env.adminToken }).toEqual({
    port: 8787,
    agentPort: 8791,
    labPort: 8790,
    sites: 4,
    token: null,
  });
  expect(env.dataDir).toBe(`${process.cwd()}/.data`);
});

test.each([
  ["PORT", "70000"],
  ["PORT", "-1"],
  ["AGENT_PORT", "http"],
  ["LAB_PORT", "1.5"],
  ["LAB_SITES", "0"],
])("%s=%s is refused by name", (name, value) => {
  expect(() => readStartEnv({ [name]: value })).toThrow(new RegExp(`^${name} must be`));
});

test("a short ADMIN_TOKEN is refused by name and not repeated", () => {
  const read = () => readStartEnv({ ADMIN_TOKEN: "short-secret" });
  expect(read).toThrow(/^ADMIN_TOKEN must have 20 to 200/);
  expect(read).not.toThrow(/short-secret/);
});

test("the children inherit the environment without ADMIN_TOKEN, and find this project's Node first", () => {
  const env = readStartEnv({ ADMIN_TOKEN: "a-token-of-twenty-chars", PATH: "/usr/bin", CLAUDE_BIN: "/opt/claude" });
  expect(env.inherited).toEqual({ PATH: `${env.root}/node_modules/.bin:/usr/bin`, CLAUDE_BIN: "/opt/claude" });
});

test("colour needs a terminal and no NO_COLOR", () => {
  const cases = [readStartEnv({}, true), readStartEnv({}, false), readStartEnv({ NO_COLOR: "1" }, true)];
  expect(cases.map((env) => env.color)).toEqual([true, false, false]);
});

test("a port in use is refused by the name of its variable; 0 gives one that is free", async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const taken = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  await expect(settlePort("AGENT_PORT", taken)).rejects.toThrow(
    `port ${taken} is in use: stop what listens there, or set AGENT_PORT to another port (0 picks a free one)`,
  );
  const free = await settlePort("AGENT_PORT", 0);
  expect(await settlePort("AGENT_PORT", free)).toBe(free);
});
