// A second agent beside the stack's own: enrolled with an admin's one-time token, with a data directory of its own.
import { join } from "node:path";
import * as z from "zod";
import { Enrolment } from "../../../protocol/api.ts";
import type { Stack } from "../../helpers/stack.ts";
import { type Program, startProcess } from "./start-process.ts";

export interface SecondAgent extends Program {
  agentId: string;
}

/** Resolves once it is connected. Its directory is under the stack's, so that the stack's end finds what it may leave. */
export async function startSecondAgent(stack: Stack, env: Record<string, string>): Promise<SecondAgent> {
  const { body } = await stack.api("POST", "/api/v1/agents/enrolments", { name: "second" });
  const { token } = Enrolment.parse(body);
  const own = {
    WORKER_URL: stack.url,
    AGENT_DATA_DIR: join(stack.dataDir, "second-agent"),
    AGENT_CONFIG: join(stack.dataDir, "agent/agent.yaml"),
    AGENT_PORT: "0",
    KPT_BIN: join(stack.dataDir, "no-kpt"),
    ...env,
  };
  const enrolling = startProcess(["agent/index.ts", "enroll", "--token", token, "--name", "second"], own);
  const [, agentId] = await enrolling.says(/enrolled as (agt_\w+)/, 20_000);
  await enrolling.exited;
  const agent = startProcess(["agent/index.ts", "run"], own);
  await agent.says(/connected: jobs are pushed/, 20_000);
  return { ...agent, agentId: z.string().parse(agentId) };
}
