// Enrolment: a one-time token becomes this agent's own credential. Not part of the running agent.
import { constants, existsSync } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import path from "node:path";
import { writeCredential } from "./credential.ts";
import { OperatorError } from "./env.ts";
import type { WorkerClient } from "./worker-client.ts";

export interface EnrolInput {
  token: string;
  name: string;
  file: string; // where the credential goes
}

/** Returns the agent's id. The place is checked before the token is spent: a token works once. */
export async function enroll(client: Pick<WorkerClient, "enroll">, { token, name, file }: EnrolInput): Promise<string> {
  const dir = path.dirname(file);
  if (existsSync(file))
    throw new OperatorError(`${file} holds the credential of an agent already; remove it first, or set AGENT_CREDENTIAL_FILE.`);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await access(dir, constants.W_OK);
  } catch (cause) {
    throw new OperatorError(`The credential cannot be written to ${dir}; the token was not used.`, { cause });
  }
  const answer = await client.enroll({ token, name });
  if (!answer.ok) throw new OperatorError(`Enrolment failed: ${answer.error.message}`);
  await writeCredential(file, answer.value);
  return answer.value.agentId;
}
