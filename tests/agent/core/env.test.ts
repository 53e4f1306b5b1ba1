import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { AgentEnv, childEnv, OperatorError, parseAgentEnv } from "../../../agent/env.ts";

const URL_ONLY = { WORKER_URL: "http://127.0.0.1:8787" };

async function readExample(): Promise<{ name: string; value: string; commented: boolean }[]> {
  const text = await readFile(path.join(import.meta.dirname, "../../../.env.example"), "utf8");
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value, commented: (lines[index - 1] ?? "").startsWith("# ") }];
  });
}

test("the example file lists every variable once, each with a comment, and no other", async () => {
  const example = await readExample();
  expect(example.map(({ name }) => name).sort()).toEqual(Object.keys(AgentEnv.shape).sort());
  expect(example.filter(({ commented }) => !commented)).toEqual([]);
});

test("the example file shows the defaults", async () => {
  const example = Object.fromEntries((await readExample()).map(({ name, value }) => [name, value]));
  expect(parseAgentEnv({ ...example, ...URL_ONLY })).toEqual(parseAgentEnv(URL_ONLY));
  const hostSpecific = ["AGENT_NAME", "AGENT_LABELS", "WORKER_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"]; // have no fixed default
  expect(Object.keys(example).filter((name) => example[name] === "" && !hostSpecific.includes(name))).toEqual([]);
});

test("values are read, coerced and kept", () => {
  const env = parseAgentEnv({
    ...URL_ONLY,
    AGENT_SLOTS: "7",
    AGENT_PORT: "0",
    AGENT_LABELS: "zone=a, rack = 3",
    AGENT_DATA_DIR: "/srv/agent",
  });
  expect(env).toMatchObject({
    AGENT_SLOTS: 7,
    AGENT_PORT: 0,
    AGENT_LABELS: { zone: "a", rack: "3" },
    AGENT_CREDENTIAL_FILE: "/srv/agent/credential.json",
  });
});

test("every wrong variable is named in the error", () => {
  expect(() => parseAgentEnv({ AGENT_SLOTS: "many", AGENT_PORT: "70000", AGENT_LABELS: "zone" })).toThrow(
    expect.toSatisfy(
      (error: unknown) =>
        error instanceof OperatorError &&
        ["WORKER_URL: is required", "AGENT_SLOTS", "AGENT_PORT", "AGENT_LABELS"].every((part) => error.message.includes(part)),
    ),
  );
});

test("a child process inherits what it needs and nothing of the agent's own", () => {
  const env = { PATH: "/bin", HOME: "/root", GIT_PASSWORD: "hunter2", WORKER_URL: "http://x" };
  expect(childEnv(env, { KPT_FN_RUNTIME: "none" })).toEqual({ PATH: "/bin", HOME: "/root", KPT_FN_RUNTIME: "none" });
});
