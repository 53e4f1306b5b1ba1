// Which agent a trial says it ran at when it fails. What a trial answers is in integrations.test.ts.
import { expect, test } from "vitest";
import { IntegrationTestResult } from "../../protocol/integration-api.ts";
import { answering, greeted } from "../party/answerer.ts";
import { backend } from "./backends.ts";
import { call, createAgent, createWorld } from "./harness.ts";

test("a trial that fails names the agent that was really asked", async () => {
  const world = await createWorld();
  const agents = [world.agent, await createAgent({ sites: [] })].sort((one, other) => one.id.localeCompare(other.id));
  for (const agent of agents) await agent.heartbeat({ integrations: [backend("ollama")] });
  const [, second] = agents;
  if (second === undefined) throw new Error("unreachable: there are two");
  const socket = await greeted(second); // the first has the backend too, but no socket
  answering(socket, ({ callId }) =>
    socket.send({ type: "call.failed", callId, failure: { code: "PROVIDER_FAILED", message: "broken", attempts: [] } }),
  );
  const body = { integration_id: "ollama", prompt: "hello?" };
  const result = (await call("POST", "/v1/integrations/test", { token: world.operate, body })).as(IntegrationTestResult);
  expect(result).toEqual({ success: false, error: "broken", latency_ms: expect.any(Number), agent_id: second.id });
});
